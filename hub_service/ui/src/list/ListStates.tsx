/** What stands in place of rows: grey rows while loading, a sentence with a way on when empty. */
import { useActions } from "../actions/Actions";
import { texts } from "../texts";
import { openLayer, showList, useHere } from "../url/location";
import { filterCount, toApiQuery, withChange, withoutFilters } from "../url/list-query";
import { paths } from "../url/routes";
import { usePreferences } from "../ui/preferences";
import { useQuickStart } from "../start/useQuickStart";
import { useCount } from "./useRows";

/** Grey rows, drawn after 200 ms by the style sheet, so that a quick answer shows none. */
export function ListSkeleton() {
  return (
    <div className="skeleton" role="group" aria-label={texts.list.loading}>
      {[0, 1, 2, 3, 4].map((row) => (
        <div key={row} aria-hidden="true" />
      ))}
    </div>
  );
}

export function ListEmpty() {
  const { tab, query } = useHere();
  if (filterCount(query) > 0) return <NoMatch />;
  if (tab === "history") return <p className="empty">{texts.list.emptyHistory}</p>;
  return <NothingYet />;
}

function NothingYet() {
  const { start } = useActions();
  const { request, label, note, reason } = useQuickStart();
  return (
    <div className="empty">
      <p>{reason ?? texts.list.empty}</p>
      <button
        type="button"
        className="btn btn-primary"
        disabled={reason !== undefined}
        onClick={() => {
          openLayer(paths.create());
        }}
      >
        {texts.start.newSession}
      </button>
      {request && (
        <button
          type="button"
          className="btn btn-outline-secondary"
          onClick={() => {
            start(request);
          }}
        >
          {label}
          <small className="d-block">{note}</small>
        </button>
      )}
    </div>
  );
}

function NoMatch() {
  const { tab, query } = useHere();
  const { pageSize } = usePreferences();
  const other = tab === "active" ? "history" : "active";
  const same = withChange(query, { state: [], sort: "" });
  const { data } = useCount(other, toApiQuery(other, same, pageSize));
  const n = filterCount(query);
  return (
    <div className="empty">
      <p>{texts.list.noMatch(tab, n)}</p>
      <button
        type="button"
        className="btn btn-outline-secondary"
        onClick={() => {
          showList(tab, withoutFilters(query));
        }}
      >
        {texts.list.clearFilters}
      </button>
      {data !== undefined && data.total > 0 && (
        <button
          type="button"
          className="btn btn-outline-secondary"
          onClick={() => {
            showList(other, same);
          }}
        >
          {texts.list.inOther(
            texts.tabs.count(data.total, data.total_is_capped),
            texts.tabs[other],
          )}
        </button>
      )}
    </div>
  );
}
