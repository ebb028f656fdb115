/** The status as icon and word; while pending the stage, and a click that tells more. */
import type { Session, Status } from "../../api/types";
import { isPending } from "../../live/fits";
import { texts } from "../../texts";
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
  if (!isPending(session)) {
    return (
      <>
        <StatusBadge status={session.status} /> <StatusChips session={session} />
      </>
    );
  }
  const percent = session.progress?.percent ?? null;
  const stage = stageWords(session.progress);
  return (
    <button
      type="button"
      className="status-link"
      aria-label={texts.list.happening(visible(session.name))}
      onClick={() => {
        openLayer(paths.status(session.id));
      }}
    >
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
      <Trouble of={session.progress} />
      {isMine && <small className="late">{texts.list.whatIsHappening}</small>}
    </button>
  );
}
