/** Whether the rows follow the world at once, every 30 s, or are paused. */
import { newsAt, useLive, type LiveState } from "../live/Live";
import { texts } from "../texts";
import { useWords } from "../time/now";
import { clockWords } from "../time/words";
import { Icon, type IconName } from "../ui/Icon";
import { useIsOnline } from "../ui/online";

const ICONS: Record<LiveState, IconName> = {
  live: "dot",
  connecting: "ring",
  lost: "ring",
  paused: "pause",
};

export function LiveBadge({ onHelp }: { onHelp: () => void }) {
  const { state, pausedAt, pause, resume } = useLive();
  const at = useWords(() => clockWords(newsAt(), true));
  const isOnline = useIsOnline();
  const isLive = state === "live" && isOnline;
  const words = {
    live: texts.live.live,
    connecting: texts.live.connecting,
    lost: texts.live.every30,
    paused: texts.live.paused(pausedAt),
  }[state];
  const shown = isOnline ? words : texts.live.offline;
  const isPaused = state === "paused";
  // Where there is little room only what is out of the ordinary is said.
  const isPlain = isOnline && (state === "live" || state === "connecting");
  return (
    <div className="live-badge">
      <span className={`text-body-secondary ${isPlain ? "d-none d-sm-inline" : ""}`}>
        <Icon name={isOnline ? ICONS[state] : "ring"} className={isLive ? "live-dot" : ""} />{" "}
        {shown}
        {!isPaused && <span className="numbers d-none d-sm-inline"> · {at}</span>}
      </span>
      <button
        type="button"
        className="btn btn-sm btn-outline-secondary"
        onClick={isPaused ? resume : pause}
      >
        <Icon name={isPaused ? "play" : "pause"} />{" "}
        <span className="wide-only">{isPaused ? texts.live.resume : texts.live.pause}</span>
      </button>
      <button type="button" className="btn btn-sm btn-icon" onClick={onHelp}>
        <Icon name="help" />
        <span className="visually-hidden">{texts.help.button}</span>
      </button>
    </div>
  );
}
