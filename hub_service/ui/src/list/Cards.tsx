/** The rows of a narrow window: one card a session. */
import { memo } from "react";

import type { Selection } from "../bulk/useSelection";
import type { Session } from "../api/types";
import { belongsTo } from "../live/fits";
import type { Rows } from "../live/rows";
import { texts } from "../texts";
import { When } from "../ui/When";
import type { Tab } from "../url/routes";
import { ActionsMenu } from "./ActionsMenu";
import { DriveCell, EnvironmentCell, StopsCell } from "./cells/cells";
import { Doors } from "./cells/Doors";
import { EndCell, OverCell } from "./cells/EndCell";
import { NameAndId } from "./cells/NameCell";
import { StatusCell } from "./cells/StatusCell";
import { useMine } from "./SessionTable";

interface CardsProps {
  rows: Rows;
  tab: Tab;
  selection: Selection;
}

export function Cards({ rows, tab, selection }: CardsProps) {
  const mine = useMine();
  return (
    <ul className="cards" aria-label={tab === "active" ? texts.list.active : texts.list.history}>
      {rows.items.map((session) => (
        <Card
          key={session.id}
          session={session}
          tab={tab}
          isGone={rows.gone.includes(session.id)}
          isMine={mine.includes(session.id)}
          isSelected={selection.ids.has(session.id)}
          onSelect={tab === "active" ? selection.set : null}
        />
      ))}
    </ul>
  );
}

interface CardProps {
  session: Session;
  tab: Tab;
  isGone: boolean;
  isMine: boolean;
  isSelected: boolean;
  onSelect: Selection["set"] | null;
}

const Card = memo(function Card(props: CardProps) {
  const { session, tab, isGone, isMine, isSelected, onSelect } = props;
  const isOver = !belongsTo(tab, session) || isGone;
  return (
    <li
      data-session={session.id}
      className={`session-card ${isOver ? "over" : ""} ${isMine ? "mine" : ""}`}
    >
      <div className="d-flex align-items-start gap-2">
        {onSelect && (
          <input
            type="checkbox"
            className="form-check-input"
            aria-label={texts.bulk.select(session.name)}
            checked={isSelected}
            onChange={(event) => {
              onSelect(session.id, event.target.checked, false);
            }}
          />
        )}
        <div className="flex-grow-1 min-w-0">
          <NameAndId session={session} />
        </div>
        <ActionsMenu session={session} />
      </div>
      <div className="d-flex flex-wrap gap-2 align-items-center">
        <StatusCell session={session} isMine={isMine} />
        {tab === "history" ? <EndCell session={session} /> : <CardClock session={session} />}
      </div>
      <div className="card-facts">
        <span>
          <EnvironmentCell session={session} isOneLine />
        </span>
        <span>
          <DriveCell session={session} />
        </span>
        <When at={session.ended_at ?? session.started_at ?? session.created_at} />
      </div>
      {tab === "active" && !isOver && <Doors session={session} />}
      {tab === "active" && isOver && <OverCell session={session} isGone={isGone} />}
    </li>
  );
});

function CardClock({ session }: { session: Session }) {
  if (session.state !== "running" || !session.idle) return null;
  return (
    <small>
      {texts.columns.stops}: <StopsCell session={session} />
    </small>
  );
}
