/** The doors of a session: a link when ready, a turning sign while starting, else the reason. */
import type { DoorName, Session } from "../../api/types";
import { texts } from "../../texts";
import { Icon, Spinner } from "../../ui/Icon";
import { safeHref } from "../../ui/links";
import { Tip } from "../../ui/Tip";
import { visible } from "../../ui/visible";

export const DOORS: readonly DoorName[] = ["lab", "code", "shell"];

interface DoorsProps {
  session: Session;
  /** Where there is room: "Open JupyterLab" in place of "Lab". */
  isLong?: boolean;
}

export function Doors({ session, isLong = false }: DoorsProps) {
  return (
    <div className="doors">
      {DOORS.filter((door) => isDrawn(session, door)).map((door) => (
        <DoorButton key={door} door={door} session={session} isLong={isLong} />
      ))}
    </div>
  );
}

/** One that is off is there only to say why. */
function isDrawn({ access }: Session, door: DoorName): boolean {
  const { state = "off", reason } = access[door] ?? {};
  return state !== "off" || Boolean(reason);
}

function DoorButton({ door, session, isLong }: DoorsProps & { door: DoorName }) {
  const { state, reason } = doorOf(session, door);
  const label = texts.doors.open[door](visible(session.name));
  const href = safeHref(session.urls?.[door]);
  const face = (
    <>
      {state === "starting" && <Spinner />}
      {state === "failed" && <Icon name="warn" />}
      {(state === "ready" || state === "off") && <Icon name={door} />}
      <span className="door-word">
        {isLong ? texts.doors.openPlain[door] : texts.doors.short[door]}
      </span>
    </>
  );
  const isOpen = state === "ready" && href !== null;
  // The same link before and after, so that it keeps the focus when it comes to work.
  return (
    <Tip text={isOpen ? null : reason}>
      {(tip) => (
        <a
          role={isOpen ? undefined : "link"}
          className={`btn btn-sm door ${isOpen ? "btn-outline-primary" : "btn-outline-secondary"}`}
          href={isOpen ? href : undefined}
          target="_blank"
          rel="noopener noreferrer"
          aria-disabled={isOpen ? undefined : true}
          aria-label={label}
          aria-describedby={tip}
          tabIndex={0}
        >
          {face}
        </a>
      )}
    </Tip>
  );
}

interface DoorNow {
  state: "off" | "starting" | "ready" | "failed";
  reason: string;
}

function doorOf(session: Session, door: DoorName): DoorNow {
  const { state = "off", reason } = session.access[door] ?? {};
  return { state, reason: reason ?? WORDS[state](texts.doors[door]) };
}

const WORDS = {
  off: texts.doors.notYet,
  starting: texts.doors.starting,
  failed: texts.doors.failed,
  ready: texts.doors.notYet,
};
