/** Somebody changed the same thing meanwhile: both values, and which of them is to hold. */
import { useEffect, useRef } from "react";

import type { Session } from "../api/types";
import { presetWords } from "../create/presets";
import { texts } from "../texts";
import { Act } from "../ui/Act";
import { visible } from "../ui/visible";
import { fieldsOf, type Change, type Field } from "./carefully";
import { conflictWords, useChange, useConflict } from "./useChange";

const { conflict: t } = texts.details;

export function Conflict({ session }: { session: Session }) {
  const { conflict, settle } = useConflict(session.id);
  const { mutate: change, isPending } = useChange();
  const sentence = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (conflict) sentence.current?.focus();
  }, [conflict]);
  if (!conflict) return null;
  const mine = () => {
    change({ id: session.id, session: conflict.now, change: conflict.change });
  };
  return (
    <section className="problem d-block" aria-label={t.label}>
      <p ref={sentence} tabIndex={-1} className="mb-1">
        {conflictWords(conflict)}
      </p>
      {fieldsOf(conflict.change).map((field) => (
        <dl key={field} className="facts mb-2">
          <Value name={t.mine} field={field} of={conflict.change} />
          <Value name={t.theirs} field={field} of={conflict.now} />
        </dl>
      ))}
      <Act className="btn-sm btn-outline-secondary me-2" isBusy={isPending} onClick={mine}>
        {t.useMine}
      </Act>
      <button type="button" className="btn btn-sm btn-outline-secondary" onClick={settle}>
        {t.useTheirs}
      </button>
    </section>
  );
}

function Value({ name, field, of }: { name: string; field: Field; of: Change }) {
  const words = field === "name" ? visible(of.name ?? "") : presetWords(of.idle_timeout ?? -1);
  return (
    <div>
      <dt>{name}</dt>
      <dd>{words}</dd>
    </div>
  );
}
