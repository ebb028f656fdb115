/** "Show the call…": what Create session sends, as whoever likes commands would write it. */
import { useEffect, useRef, useState } from "react";

import { texts } from "../texts";
import { CopyButton } from "../ui/copy";
import { tabAt } from "../ui/tab-keys";
import { useFollowed } from "./followed";

const ORDER = ["rest", "graphql", "cli"];

interface CallButtonProps {
  isShown: boolean;
  onToggle: () => void;
}

export function CallButton({ isShown, onToggle }: CallButtonProps) {
  return (
    <button
      type="button"
      className="btn btn-outline-secondary"
      aria-expanded={isShown}
      aria-controls={isShown ? "form-call" : undefined}
      onClick={onToggle}
    >
      {texts.form.showCall}
    </button>
  );
}

export function CallPanel() {
  const { preview, isCurrent } = useFollowed();
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
      {at ? (
        <>
          <div className="d-flex align-items-center gap-2">
            <CallTabs tabs={shown} at={at} onChoose={setChosen} />
            {/* Not what stood in the form a moment ago. */}
            {isCurrent && <CopyButton text={text} label={texts.copy} />}
          </div>
          <pre
            id="form-call-text"
            role="tabpanel"
            aria-labelledby={`form-call-${at}`}
            tabIndex={0}
            className="call-text"
          >
            {text}
          </pre>
        </>
      ) : (
        <p>{texts.form.callWaits}</p>
      )}
      <p className="form-text">{texts.form.callHelp}</p>
    </section>
  );
}

interface CallTabsProps {
  tabs: string[];
  at: string;
  onChoose: (tab: string) => void;
}

function CallTabs({ tabs, at, onChoose }: CallTabsProps) {
  return (
    <div
      role="tablist"
      aria-label={texts.form.call}
      className="nav nav-tabs flex-fill"
      onKeyDown={(event) => {
        const next = tabAt(event.key, tabs, at);
        if (!next) return;
        event.preventDefault();
        onChoose(next);
        document.getElementById(`form-call-${next}`)?.focus();
      }}
    >
      {tabs.map((each) => (
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
            onChoose(each);
          }}
        >
          {texts.form.calls[each]}
        </button>
      ))}
    </div>
  );
}
