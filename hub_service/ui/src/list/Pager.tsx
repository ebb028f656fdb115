/** Previous and Next, where one is, and how many rows a page has. */
import type { Rows } from "../live/rows";
import { belongsTo } from "../live/fits";
import { texts } from "../texts";
import { showList, useHere } from "../url/location";
import { PAGE_SIZES, withChange } from "../url/list-query";
import { Icon } from "../ui/Icon";
import { remember, usePreferences } from "../ui/preferences";

export function Pager({ rows }: { rows: Rows }) {
  const { tab, query } = useHere();
  const { pageSize } = usePreferences();
  const limit = query.limit ?? pageSize;
  const shown = rows.items.filter((session) => belongsTo(tab, session)).length;
  const from = (query.page - 1) * limit + 1;
  const turn = (cursor: string | null, page: number) => {
    if (cursor !== null || page === 1) {
      showList(tab, { ...query, cursor: page === 1 ? "" : (cursor ?? ""), page });
    }
  };
  if (rows.items.length === 0 && query.page === 1) return null;
  const total = texts.tabs.count(rows.total, rows.capped);
  return (
    <nav className="pager" aria-label={texts.list.pages}>
      <button
        type="button"
        className="btn btn-sm btn-outline-secondary"
        disabled={rows.prev === null || query.cursor === ""}
        onClick={() => {
          turn(rows.prev, Math.max(1, query.page - 1));
        }}
      >
        <Icon name="left" /> {texts.list.previous}
      </button>
      {shown > 0 && (
        <span className="numbers">{texts.list.range(from, from + shown - 1, total)}</span>
      )}
      <button
        type="button"
        className="btn btn-sm btn-outline-secondary"
        disabled={rows.next === null}
        onClick={() => {
          turn(rows.next, query.page + 1);
        }}
      >
        {texts.list.next} <Icon name="right" />
      </button>
      <select
        className="form-select form-select-sm w-auto"
        aria-label={texts.list.perPageLabel}
        value={limit}
        onChange={(event) => {
          remember({ pageSize: Number(event.target.value) });
          showList(tab, withChange(query, { limit: null }));
        }}
      >
        {PAGE_SIZES.map((size) => (
          <option key={size} value={size}>
            {texts.list.perPage(size)}
          </option>
        ))}
      </select>
    </nav>
  );
}
