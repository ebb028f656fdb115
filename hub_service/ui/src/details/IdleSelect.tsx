/** The idle timeout of a running session: presets and minutes of one's own; it counts at once. */
import { useEffect, useId, useRef, useState } from "react";

import type { Session } from "../api/types";
import { idlePresets, limitReason, presetWords } from "../create/presets";
import { texts } from "../texts";
import { reasonOf } from "../ui/Act";
import { useIsOnline } from "../ui/online";
import { useChange } from "./useChange";

const OTHER = "other";
/** Keys pass over values: only where they come to rest is meant. */
const REST = 600;

export function IdleSelect({ session }: { session: Session }) {
  const { choose, value, isBusy } = useChosen(session);
  const [isOther, setIsOther] = useState(false);
  const id = useId();
  const presets = idlePresets(value);
  const isOnline = useIsOnline();
  const mayNot = isOnline ? reasonOf(session.allowed.edit) : texts.errors.offlineAction;
  const limits = new Set(presets.flatMap(({ reason }) => reason ?? []));
  const reasons = mayNot === null ? [...limits] : [mayNot];
  return (
    <div>
      <label htmlFor={id} className="me-2">
        {texts.details.idleTimeout}
      </label>
      <select
        id={id}
        className="form-select form-select-sm d-inline-block w-auto"
        value={isOther ? OTHER : value}
        disabled={mayNot !== null || session.allowed.edit !== true}
        aria-busy={isBusy}
        aria-describedby={reasons.length > 0 ? `${id}-reasons` : undefined}
        onChange={({ target }) => {
          setIsOther(target.value === OTHER);
          choose(target.value === OTHER ? null : Number(target.value));
        }}
      >
        {presets.map(({ seconds, reason }) => (
          <option key={seconds} value={seconds} disabled={reason !== null}>
            {presetWords(seconds)}
          </option>
        ))}
        <option value={OTHER}>{texts.form.other}</option>
      </select>
      {reasons.length > 0 && (
        <span id={`${id}-reasons`} className="form-text d-block">
          {reasons.join(" ")}
        </span>
      )}
      {isOther && (
        <Minutes
          onSet={(seconds) => {
            setIsOther(false);
            choose(seconds, 0);
          }}
        />
      )}
    </div>
  );
}

/** What was chosen is shown at once, and sent when the choice has come to rest. */
function useChosen(session: Session) {
  const [typed, setTyped] = useState<number | null>(null);
  const { mutate, isPending } = useChange();
  const timer = useRef<number | undefined>(undefined);
  const latest = useRef(session);
  useEffect(() => {
    latest.current = session;
  });
  useEffect(
    () => () => {
      window.clearTimeout(timer.current);
    },
    [],
  );
  const choose = (seconds: number | null, wait = REST) => {
    window.clearTimeout(timer.current);
    setTyped(seconds);
    if (seconds === null) return;
    timer.current = window.setTimeout(() => {
      const { id, idle_timeout: now } = latest.current;
      const settled = () => {
        setTyped((chosen) => (chosen === seconds ? null : chosen));
      };
      if (seconds === now) settled();
      else {
        const change = { idle_timeout: seconds };
        mutate({ id, session: latest.current, change }, { onSettled: settled });
      }
    }, wait);
  };
  return { choose, value: typed ?? session.idle_timeout, isBusy: isPending };
}

function Minutes({ onSet }: { onSet: (seconds: number) => void }) {
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState("");
  const id = useId();
  return (
    <form
      className="d-flex flex-wrap gap-2 align-items-center mt-2"
      onSubmit={(event) => {
        event.preventDefault();
        const wrong = minutesProblem(typed);
        setProblem(wrong);
        if (!wrong) onSet(60 * Number(typed));
      }}
    >
      <label htmlFor={id}>{texts.clock.otherMinutes}</label>
      <input
        id={id}
        inputMode="numeric"
        className="form-control form-control-sm minutes"
        aria-invalid={problem !== ""}
        aria-describedby={`${id}-problem`}
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value.trim());
        }}
      />
      <button type="submit" className="btn btn-sm btn-primary">
        {texts.clock.set}
      </button>
      <span id={`${id}-problem`} role="alert" className="field-message w-100">
        {problem}
      </span>
    </form>
  );
}

function minutesProblem(typed: string): string {
  const { errors } = texts.form;
  if (!/^[1-9]\d{0,9}$/.test(typed)) return errors.minutes;
  if (Number(typed) > 527_040) return errors.minutesMany;
  return limitReason(60 * Number(typed)) ?? "";
}
