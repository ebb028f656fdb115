/** How far a start has come, and how long it takes as a rule. */
import type { Progress, Session } from "../api/types";
import { texts } from "../texts";
import { useWords } from "../time/now";
import { durationWords, shortSeconds } from "../time/words";
import { Text } from "../ui/Text";
import { visible } from "../ui/visible";
import { Trouble } from "./Trouble";

export function StartProgress({ session }: { session: Session }) {
  const { percent = null, usual_seconds: usual = null } = session.progress ?? {};
  const text = texts.status.progressText(percent, visible(stageWords(session.progress)));
  return (
    <div className="mb-3">
      <div
        className="progress"
        role="progressbar"
        aria-label={texts.status.progress(session.name)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent ?? undefined}
        aria-valuetext={text}
      >
        <div
          className={`progress-bar ${percent === null ? "progress-bar-striped" : ""}`}
          style={{ width: `${percent ?? 100}%` }}
        />
      </div>
      <div className="numbers small mt-1">
        <Text>{text}</Text> · <Elapsed session={session} usual={usual} />
      </div>
      <Trouble of={session.progress} />
    </div>
  );
}

function Elapsed({ session, usual }: { session: Session; usual: number | null }) {
  const words = useWords((now) => {
    const gone = (now - Date.parse(session.created_at)) / 1000;
    const late = usual !== null && gone > 2 * usual;
    const rule = usual === null ? "" : texts.status.usually(Math.max(1, usual));
    return [durationWords(gone), late ? texts.status.longer : rule].filter(Boolean).join(" · ");
  });
  return <>{words}</>;
}

/** What the start does now, in the service's words; they go on after "60 %". */
export function stageWords(progress: Progress | null): string {
  const words = progress?.message ?? progress?.stage ?? "";
  // A name such as JupyterLab, or VS Code, stays as it is written.
  return /^[A-Z][a-z]*( |$)/.test(words) ? words.charAt(0).toLowerCase() + words.slice(1) : words;
}

/** "1.3 s" from asking to ready, or null while it is not ready. */
export function readyWords({ created_at: from, ready_at: to }: Session): string | null {
  return to ? shortSeconds(Date.parse(to) - Date.parse(from)) : null;
}
