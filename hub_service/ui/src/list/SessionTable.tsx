/** The rows as a table that scrolls inside its own region, Session ID and Actions pinned. */
import { useQuery } from "@tanstack/react-query";

import type { Selection } from "../bulk/useSelection";
import { boot } from "../boot/boot";
import { keys } from "../live/cache";
import type { Rows } from "../live/rows";
import { texts } from "../texts";
import { showList, useHere } from "../url/location";
import { DEFAULT_SORT, withChange } from "../url/list-query";
import type { Tab } from "../url/routes";
import { Icon } from "../ui/Icon";
import { preferences, remember } from "../ui/preferences";
import { sortOf, type Column } from "./columns";
import { Row } from "./Row";

interface SessionTableProps {
  rows: Rows;
  tab: Tab;
  columns: Column[];
  selection: Selection;
}

export function SessionTable({ rows, tab, columns, selection }: SessionTableProps) {
  const title = tab === "active" ? texts.list.active : texts.list.history;
  const withChecks = tab === "active";
  const isAll = selection.sessions.length > 0 && selection.sessions.length === rows.items.length;
  const shown = columns.map((column) => column.key).join();
  const mine = useMine();
  return (
    <div className="table-scroll" role="region" aria-label={title} tabIndex={0}>
      <table className="table align-middle sessions">
        <caption className="visually-hidden">{title}</caption>
        <thead>
          <tr>
            {withChecks && (
              <th scope="col" className="col-check">
                <input
                  type="checkbox"
                  className="form-check-input"
                  aria-label={texts.bulk.selectAll}
                  checked={isAll}
                  onChange={(event) => {
                    selection.setAll(event.target.checked);
                  }}
                />
              </th>
            )}
            {columns.map((column) => (
              <HeaderCell key={column.key} column={column} />
            ))}
            <th scope="col" className="col-actions">
              <span className="visually-hidden">{texts.columns.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.items.map((session) => (
            <Row
              key={session.id}
              session={session}
              tab={tab}
              columns={shown}
              isGone={rows.gone.includes(session.id)}
              isMine={mine.includes(session.id)}
              isSelected={selection.ids.has(session.id)}
              onSelect={withChecks ? selection.set : null}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Sessions that this page started; their rows are marked for a moment. */
export function useMine(): string[] {
  return useQuery<string[]>({ queryKey: keys.mine, initialData: [], enabled: false }).data;
}

function HeaderCell({ column }: { column: Column }) {
  const { tab, query } = useHere();
  const sort = sortOf(column, boot.me.sorts ?? []);
  const now = query.sort || DEFAULT_SORT[tab];
  const isUp = now === sort;
  const isDown = now === `-${sort}`;
  const className = `col-${column.key}`;
  if (!sort) {
    return (
      <th scope="col" className={className}>
        {column.title}
      </th>
    );
  }
  const next = isDown ? sort : isUp ? `-${sort}` : firstDirection(sort);
  return (
    <th
      scope="col"
      className={className}
      aria-sort={isUp ? "ascending" : isDown ? "descending" : "none"}
    >
      <button
        type="button"
        className="btn-sort"
        title={texts.columns.sort(column.title)}
        onClick={() => {
          remember({
            sort: { ...preferences().sort, [tab]: next === DEFAULT_SORT[tab] ? "" : next },
          });
          showList(tab, withChange(query, { sort: next }));
        }}
      >
        {column.title}
        {(isUp || isDown) && <Icon name={isUp ? "sortUp" : "sortDown"} />}
      </button>
    </th>
  );
}

/** Times start with the newest, words with A. */
function firstDirection(sort: string): string {
  return sort.endsWith("_at") && sort !== "ends_at" ? `-${sort}` : sort;
}
