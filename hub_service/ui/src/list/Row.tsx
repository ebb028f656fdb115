/** One session as a row; its cells render again only when its own data change. */
import { memo } from "react";

import type { Session } from "../api/types";
import { belongsTo } from "../live/fits";
import { texts } from "../texts";
import type { Tab } from "../url/routes";
import { rowNameId } from "../ui/focus";
import { ActionsMenu } from "./ActionsMenu";
import { CELLS, type CellProps } from "./cells/cells";
import { NameCell } from "./cells/NameCell";
import type { ColumnKey } from "./columns";

interface RowProps {
  session: Session;
  tab: Tab;
  /** The keys of the shown columns, joined by commas, so that rows compare them quickly. */
  columns: string;
  isGone: boolean;
  isMine: boolean;
  isSelected: boolean;
  onSelect: ((id: string, isSelected: boolean, isRange: boolean) => void) | null;
}

export const Row = memo(function Row(props: RowProps) {
  const { session, tab, columns, isGone, isMine, isSelected, onSelect } = props;
  const isOver = !belongsTo(tab, session) || isGone;
  return (
    <tr
      data-session={session.id}
      aria-labelledby={rowNameId(session.id)}
      className={`${isOver ? "over" : ""} ${isMine ? "mine" : ""} ${isSelected ? "table-active" : ""}`}
    >
      {onSelect && (
        <td className="col-check">
          <input
            type="checkbox"
            className="form-check-input"
            aria-label={texts.bulk.select(session.name)}
            checked={isSelected}
            onChange={(event) => {
              const isRange = (event.nativeEvent as MouseEvent).shiftKey;
              onSelect(session.id, event.target.checked, isRange);
            }}
          />
        </td>
      )}
      <Cells
        session={session}
        tab={tab}
        columns={columns}
        isOver={isOver}
        isGone={isGone}
        isMine={isMine}
      />
    </tr>
  );
});

/** Apart from the row, so that selecting a hundred rows draws a hundred boxes and no more. */
const Cells = memo(function Cells({ columns, ...cell }: CellProps & { columns: string }) {
  return (
    <>
      {(columns.split(",") as ColumnKey[]).map((key) => {
        if (key === "id") return <NameCell key={key} session={cell.session} />;
        const Cell = CELLS[key];
        return (
          <td key={key} className={`col-${key}`}>
            <Cell {...cell} />
          </td>
        );
      })}
      <td className="col-actions">
        <ActionsMenu session={cell.session} />
      </td>
    </>
  );
});
