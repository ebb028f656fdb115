/** The drawer's tab YAML: the pod of a session, without its YAML, and the difference; read-only. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { getText } from "../api/client";
import { sentenceOf } from "../api/error-text";
import type { Session } from "../api/types";
import { texts } from "../texts";
import { useCopy } from "../ui/copy";
import { Icon } from "../ui/Icon";
import { YamlReader } from "./YamlReader";

const WHICH = ["made", "default", "diff"] as const;
type Which = (typeof WHICH)[number];

export default function PodTab({ session }: { session: Session }) {
  const [which, setWhich] = useState<Which>("made");
  const made = usePod(session, "made");
  const base = usePod(session, "default", which !== "made");
  const { error } = which === "made" ? made : base;
  const shown = which === "default" ? base.data : which === "made" ? made.data : diffOf(made, base);
  return (
    <>
      <div className="btn-group btn-group-sm mb-2" role="group" aria-label={texts.yaml.tab.which}>
        {WHICH.map((each) => (
          <button
            key={each}
            type="button"
            className={`btn btn-outline-secondary ${each === which ? "active" : ""}`}
            aria-pressed={each === which}
            onClick={() => {
              setWhich(each);
            }}
          >
            {texts.yaml.tab[each]}
          </button>
        ))}
      </div>
      {error ? (
        <p>{sentenceOf(error)}</p>
      ) : shown === undefined ? (
        <p>{texts.details.loading}</p>
      ) : (
        <Pod session={session} which={which} text={shown} original={base.data ?? null} />
      )}
    </>
  );
}

interface PodProps {
  session: Session;
  which: Which;
  text: string;
  original: string | null;
}

function Pod({ session, which, text, original }: PodProps) {
  const copy = useCopy();
  const isDiff = which === "diff";
  if (isDiff && text === original) return <p>{texts.yaml.tab.same}</p>;
  const save = () => {
    const url = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = `${session.id}${which === "default" ? "-default" : ""}.yaml`;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <>
      <p className="d-flex gap-2 mb-2">
        <button
          type="button"
          className="btn btn-sm btn-outline-secondary"
          onClick={() => {
            copy(text);
          }}
        >
          <Icon name="copy" /> {texts.yaml.tab.copy}
        </button>
        <button type="button" className="btn btn-sm btn-outline-secondary" onClick={save}>
          {texts.yaml.tab.download}
        </button>
      </p>
      <YamlReader label={texts.yaml.tab[which]} text={text} original={isDiff ? original : null} />
    </>
  );
}

function usePod({ id }: Session, which: Which, enabled = true) {
  return useQuery({
    queryKey: ["pod-spec", id, which],
    queryFn: ({ signal }) => getText(`sessions/${id}/pod-spec?which=${which}`, signal),
    enabled,
    staleTime: 30_000,
  });
}

/** Both pods are needed; the difference is drawn from them. */
function diffOf(made: { data?: string | undefined }, base: { data?: string | undefined }) {
  return base.data === undefined ? undefined : made.data;
}
