/** The status as icon and word; while pending the stage, and a click that tells more. */
import { useId, useRef, useState } from "react";

import type { Session, Status } from "../../api/types";
import { isPending } from "../../live/fits";
import { texts } from "../../texts";
import { rowName, useFocusNear } from "../../ui/focus";
import { Icon, Spinner, type IconName } from "../../ui/Icon";
import { Text } from "../../ui/Text";
import { visible } from "../../ui/visible";
import { stageWords } from "../../status/Progress";
import { Trouble } from "../../status/Trouble";
import { openLayer } from "../../url/location";
import { paths } from "../../url/routes";

const ICONS: Record<Exclude<Status, "pending">, IconName> = {
  "in progress": "dot",
  cancelling: "half",
  failing: "half",
  cancelled: "ring",
  done: "check",
  failed: "cross",
};

const TONES: Partial<Record<Status, string>> = {
  pending: "bg-info-subtle text-info-emphasis",
  "in progress": "bg-primary-subtle text-primary-emphasis",
  failing: "bg-danger-subtle text-danger-emphasis",
  failed: "bg-danger-subtle text-danger-emphasis",
};

export function StatusBadge({ status }: { status: Status }) {
  const tone = TONES[status] ?? "bg-secondary-subtle text-secondary-emphasis";
  return (
    <span className={`badge status ${tone}`}>
      {status === "pending" ? <Spinner /> : <Icon name={ICONS[status]} />} {status}
    </span>
  );
}

/** What is special about a session, in words beside its status. */
export function StatusChips({ session }: { session: Session }) {
  if (!session.custom_yaml) return null;
  return (
    <span className="badge bg-secondary-subtle text-secondary-emphasis">{texts.list.ownYaml}</span>
  );
}

export function StatusCell({ session, isMine }: { session: Session; isMine: boolean }) {
  // Once three lines are there they stay, and so do the rows below when the session is ready.
  const [isTall, setIsTall] = useState(false);
  if (isMine && isPending(session) && !isTall) setIsTall(true);
  if (isPending(session)) return <Starting session={session} isTall={isTall} />;
  return (
    <div>
      <StatusBadge status={session.status} /> <StatusChips session={session} />
      {isTall && <Room lines={2} />}
    </div>
  );
}

/** A click on it tells more; when it goes, the focus stays in the row. */
function Starting({ session, isTall }: { session: Session; isTall: boolean }) {
  const percent = session.progress?.percent ?? null;
  const stage = stageWords(session.progress);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useFocusNear(button, () => rowName(session.id));
  return (
    <button
      ref={button}
      type="button"
      className="status-link"
      aria-label={texts.list.happening(visible(session.name))}
      aria-describedby={id}
      onClick={() => {
        openLayer(paths.status(session.id));
      }}
    >
      <span id={id}>
        <span className="status-line">
          <StatusBadge status="pending" />
          {session.custom_yaml && " "}
          <StatusChips session={session} />
          {percent !== null && <span className="numbers"> {texts.list.percent(percent)}</span>}
        </span>
        {stage && (
          <small className="d-block">
            <Text>{stage}</Text>
          </small>
        )}
        {!stage && isTall && <Room lines={1} />}
        <Trouble of={session.progress} />
      </span>
      {isTall && <small className="late">{texts.list.whatIsHappening}</small>}
    </button>
  );
}

/** Empty lines as high as those that were there, or will be. */
function Room({ lines }: { lines: number }) {
  return Array.from({ length: lines }, (_, line) => (
    <small key={line} className="d-block" aria-hidden="true">
      {"\u00a0"}
    </small>
  ));
}
