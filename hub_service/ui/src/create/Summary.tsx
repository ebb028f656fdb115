/** What comes of the choices, following each keystroke; the service's checks with their fixes. */
import { useLimits } from "../api/queries";
import type { Check, Environment, LaunchRequest, Preview } from "../api/types";
import { environmentSize } from "../list/words";
import { texts } from "../texts";
import { durationWords } from "../time/words";
import { Icon } from "../ui/Icon";
import { NARROW, useMedia } from "../ui/media";
import { Text } from "../ui/Text";
import { visible } from "../ui/visible";
import { fieldOf, idleSeconds, type FormValues } from "./form";

interface SummaryProps {
  values: FormValues;
  environment: Environment | undefined;
  preview: Preview | undefined;
  isChecking: boolean;
  failure: Error | null;
  onFix: (changes: Partial<LaunchRequest>) => void;
}

export function Summary(props: SummaryProps) {
  const isNarrow = useMedia(NARROW);
  const body = <SummaryBody {...props} />;
  return (
    <section
      role="region"
      aria-label={texts.form.summary}
      data-testid="summary"
      className="summary"
    >
      {isNarrow ? (
        <details>
          <summary>{shortLine(props)}</summary>
          {body}
        </details>
      ) : (
        <>
          <h3 className="h6">{texts.form.summary}</h3>
          {body}
        </>
      )}
    </section>
  );
}

function SummaryBody({ values, environment, preview, isChecking, failure, onFix }: SummaryProps) {
  const { data: limits } = useLimits();
  const after = preview?.limits?.after?.sessions;
  const sessions =
    after ?? (limits?.sessions && { ...limits.sessions, used: limits.sessions.used + 1 });
  const general = preview?.checks.filter(({ field, path, level }) => {
    return level !== "error" || fieldOf(path ?? field ?? "") === null;
  });
  return (
    <>
      <ul className="list-unstyled mb-2">
        <li>{environmentLine(environment)}</li>
        <li>{texts.form.summaryDrive(driveLine(values.drive))}</li>
        <li>{idleLine(values)}</li>
        <li>{texts.form.onlyYou}</li>
        {preview?.ready_in_seconds && <li>{texts.form.summaryReady(preview.ready_in_seconds)}</li>}
        {sessions?.max != null && (
          <li>{texts.form.after(texts.form.afterSessions(sessions.used, sessions.max))}</li>
        )}
      </ul>
      {general?.map((check) => (
        <CheckLine key={check.code + check.message} check={check} onFix={onFix} />
      ))}
      <small className="text-body-secondary">
        {failure && !isChecking
          ? texts.form.unchecked
          : isChecking
            ? texts.form.checking
            : "\u00a0"}
      </small>
    </>
  );
}

function CheckLine({ check, onFix }: { check: Check; onFix: SummaryProps["onFix"] }) {
  return (
    <div className={`check check-${check.level}`}>
      {check.level !== "note" && <Icon name="warn" />}
      <div>
        <Text>{check.message}</Text>
        {check.fixes?.map(({ label, changes }) => (
          <button
            key={label}
            type="button"
            className="btn btn-sm btn-outline-secondary d-block mt-1"
            onClick={() => {
              onFix(changes);
            }}
          >
            <Text>{label}</Text>
          </button>
        ))}
      </div>
    </div>
  );
}

function shortLine({ values, environment }: SummaryProps): string {
  return [environmentLine(environment), driveLine(values.drive), idleLine(values)]
    .filter(Boolean)
    .join(" · ");
}

function environmentLine(environment: Environment | undefined): string {
  if (!environment) return texts.form.errors.environment;
  return [visible(environment.title), environmentSize(environment)].filter(Boolean).join(" · ");
}

function driveLine(drive: string): string {
  return drive === "default" ? texts.list.yourDefault : drive || texts.ago.never;
}

function idleLine(values: FormValues): string {
  const seconds = idleSeconds(values);
  if (seconds === -1) return texts.form.neverStops;
  return Number.isFinite(seconds) ? texts.form.stopsAfter(durationWords(seconds)) : "";
}
