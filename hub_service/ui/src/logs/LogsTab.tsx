/** The Logs tab of the details: what a session prints, read, followed, searched and taken along. */
import { useMemo, useState } from "react";

import type { Session } from "../api/types";
import { boot } from "../boot/boot";
import { hasEnded } from "../live/fits";
import { texts } from "../texts";
import { visible } from "../ui/visible";
import { Find } from "./Find";
import { MOST_LINES, searchedBlocks } from "./log-buffer";
import { LogTools, Switch } from "./LogTools";
import { LogView } from "./LogView";
import { useLog, type Log } from "./useLog";

export function LogsTab({ session }: { session: Session }) {
  const isOver = hasEnded(session);
  const [container, setContainer] = useState("");
  // What was followed stays when the session ends: more than is kept of it.
  const [wasOver] = useState(isOver);
  const [follows, setFollows] = useState(true);
  const [wraps, setWraps] = useState(true);
  const [wanted, setWanted] = useState("");
  const [current, setCurrent] = useState(0);
  const [round, setRound] = useState(0);
  // The report of an end may come after it, with the last lines: any news have them read again.
  const asked = wasOver ? session.revision : round;
  const found = useLog(session.id, container, follows && !wasOver, asked);
  const blocks = useMemo(() => searchedBlocks(found.log, wanted), [found.log, wanted]);
  const count = blocks.reduce((sum, block) => sum + block.count, 0);
  const at = count === 0 ? 0 : Math.min(current, count - 1);
  return (
    <>
      <LogTools
        id={session.id}
        found={isOver ? { ...found, containers: [] } : found}
        container={isOver ? "" : container}
        onContainer={setContainer}
      >
        {!isOver && <Switch label={texts.logs.follow} isOn={follows} onChange={setFollows} />}
        <Switch label={texts.logs.wrap} isOn={wraps} onChange={setWraps} />
        <Find
          wanted={wanted}
          current={at}
          count={count}
          onChange={(words) => {
            setWanted(words);
            setCurrent(0);
          }}
          onStep={(by) => {
            if (count > 0) setCurrent((at + by + count) % count);
          }}
        />
        {!isOver && !follows && (
          <button
            type="button"
            className="btn btn-sm btn-outline-secondary"
            onClick={() => {
              setRound(round + 1);
            }}
          >
            {texts.logs.again}
          </button>
        )}
      </LogTools>
      {notesOn(session, found).map((note) => (
        <p key={note} className="text-body-secondary small mb-1">
          {note}
        </p>
      ))}
      {found.log.lines.length > 0 && (
        <LogView blocks={blocks} name={session.name} wraps={wraps} wanted={wanted} current={at} />
      )}
    </>
  );
}

/** What is to be said about the lines, above them. */
function notesOn(session: Session, { log, isKept, isLoading, isLost, problem }: Log): string[] {
  const { nothing, words } = { nothing: log.lines.length === 0, words: texts.logs };
  if (problem) return [visible(problem)];
  if (isLoading) return [isLost ? words.lost : words.loading];
  return [
    isLost && words.lost,
    isKept && !nothing && words.kept,
    nothing && (isKept ? words.noneKept : words.empty),
    hasEnded(session) && !isKept && words.over,
    log.isSkipped && words.skipped,
    log.before > 0 && words.dropped(MOST_LINES),
    session.owner !== boot.me.name && words.told,
  ].filter((note): note is string => Boolean(note));
}
