/** What comes of the choices, following each keystroke; the service's checks with their fixes. */
import { useDrives, useLimits, useBillingProjects } from "../api/queries";
import type { Check } from "../api/types";
import { boot } from "../boot/boot";
import { texts } from "../texts";
import { Icon } from "../ui/Icon";
import { NARROW, useMedia } from "../ui/media";
import { Text } from "../ui/Text";
import { Fixes } from "./fields/Field";
import { useFollowed } from "./followed";
import * as words from "./summary-words";
import { fieldOf } from "./values";

export function Summary() {
  const isNarrow = useMedia(NARROW);
  return (
    <section
      role="region"
      aria-label={texts.form.summary}
      data-testid="summary"
      className="summary"
    >
      {isNarrow ? (
        <details>
          <summary>
            <Warns /> <ShortLine />
          </summary>
          <SummaryBody />
        </details>
      ) : (
        <>
          <h3 className="h6">{texts.form.summary}</h3>
          <SummaryBody />
        </>
      )}
    </section>
  );
}

function SummaryBody() {
  const { values, preview, isChecking, failure } = useFollowed();
  // What stands at its field is not said twice.
  const general = (preview?.checks ?? []).filter(
    ({ field, level }) => level !== "error" || fieldOf(field ?? "", values) === null,
  );
  return (
    <>
      <ul className="list-unstyled mb-2">
        {useLines().map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {general.map((check) => (
        <CheckLine key={`${check.code} ${check.message}`} check={check} />
      ))}
      <small className="text-body-secondary">
        {isChecking ? texts.form.checking : failure ? texts.form.unchecked : "\u00a0"}
      </small>
    </>
  );
}

/** On one line, that there is more to look at. */
function Warns() {
  const { preview } = useFollowed();
  if (!preview?.checks.some(({ level }) => level !== "note")) return null;
  return (
    <span className="check-warning">
      <Icon name="warn" />
      <span className="visually-hidden">{texts.form.summaryWarns}</span>
    </span>
  );
}

function useLines(): string[] {
  const { values, request, environment, preview } = useFollowed();
  const { data: limits } = useLimits();
  const { data: drives } = useDrives();
  const project = values.billing_project;
  const { data: projects } = useBillingProjects(project !== "");
  const ready = preview?.ready_in_seconds ?? environment?.ready_in_seconds;
  return [
    words.environmentLine(request, environment),
    words.driveLine(values.drive, drives),
    words.idleLine(values),
    words.lifeLine(request),
    texts.form.onlyYou,
    words.billingLine(project, projects, boot.me.currency),
    words.afterLine(preview, limits),
    ready ? texts.form.summaryReady(ready) : "",
  ].filter(Boolean);
}

function CheckLine({ check }: { check: Check }) {
  return (
    <div className={`check check-${check.level}`}>
      {check.level !== "note" && <Icon name="warn" />}
      <div>
        <Text>{check.message}</Text>
        <div>
          <Fixes check={check} />
        </div>
      </div>
    </div>
  );
}

function ShortLine() {
  const { values, request, environment } = useFollowed();
  return [
    words.environmentLine(request, environment),
    words.driveName(values.drive),
    words.idleLine(values),
  ]
    .filter(Boolean)
    .join(" · ");
}
