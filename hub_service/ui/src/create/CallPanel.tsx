/** "Show the call…": what Create sends, as whoever likes commands would write it. */
import { useEffect, useRef, useState } from "react";

import { texts } from "../texts";
import { CopyButton } from "../ui/copy";
import { useFollowed } from "./followed";

const ORDER = ["rest", "graphql", "cli"];

export function CallPanel() {
  const { preview } = useFollowed();
  const [chosen, setChosen] = useState("rest");
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    panel.current?.scrollIntoView({ block: "nearest" });
  }, []);
  const calls = preview?.calls ?? {};
  const shown = ORDER.filter((each) => calls[each]);
  const at = shown.includes(chosen) ? chosen : shown[0];
  const text = (at && calls[at]) ?? "";
  return (
    <section ref={panel} id="form-call" aria-label={texts.form.call} className="call">
      <div className="d-flex align-items-center gap-2">
        <div role="tablist" aria-label={texts.form.call} className="nav nav-tabs flex-fill">
          {shown.map((each) => (
            <button
              key={each}
              type="button"
              role="tab"
              id={`form-call-${each}`}
              aria-selected={each === at}
              aria-controls="form-call-text"
              tabIndex={each === at ? 0 : -1}
              className={`nav-link ${each === at ? "active" : ""}`}
              onClick={() => {
                setChosen(each);
              }}
              onKeyDown={(event) => {
                const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
                const next = shown.at((shown.indexOf(each) + (step ?? 0)) % shown.length);
                if (!step || !next) return;
                setChosen(next);
                document.getElementById(`form-call-${next}`)?.focus();
              }}
            >
              {texts.form.calls[each]}
            </button>
          ))}
        </div>
        {text && <CopyButton text={text} label={texts.copy} />}
      </div>
      <pre
        id="form-call-text"
        role="tabpanel"
        aria-labelledby={at && `form-call-${at}`}
        tabIndex={0}
        className="call-text"
      >
        {text || texts.form.callWaits}
      </pre>
      <p className="form-text">{texts.form.callHelp}</p>
    </section>
  );
}
