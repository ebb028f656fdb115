/** The list: header, tabs, filters, rows and pages of the tab in the address. */
import { useState } from "react";

import type { Session } from "../api/types";
import { boot } from "../boot/boot";
import { ROWS_ID } from "../live/attention";
import { texts } from "../texts";
import { showList, useHere } from "../url/location";
import { toApiQuery, withoutFilters } from "../url/list-query";
import { NARROW, useMedia } from "../ui/media";
import { usePreferences } from "../ui/preferences";
import { BulkBar } from "../bulk/BulkBar";
import { useSelection } from "../bulk/useSelection";
import { Cards } from "./Cards";
import { columnsOf, isShown, withOthers } from "./columns";
import { Header } from "./Header";
import { ListEmpty, ListSkeleton } from "./ListStates";
import { HelpDialog } from "./parts";
import { Pager } from "./Pager";
import { Problem } from "./Problem";
import { SessionTable } from "./SessionTable";
import { Tabs } from "./Tabs";
import { Toolbar } from "./Toolbar";
import { useDrawn } from "./useDrawn";
import { useRows } from "./useRows";
import { useShortcuts } from "./useShortcuts";
import { Waiting } from "./Waiting";

const NO_ROWS: Session[] = [];

export function ListScreen() {
  const { tab, query } = useHere();
  const chosen = usePreferences();
  const isNarrow = useMedia(NARROW);
  const apiQuery = toApiQuery(tab, query, chosen.pageSize);
  const { data: rows, reload, settle, ...state } = useRows(tab, apiQuery);
  const selection = useSelection(`${tab}?${apiQuery}`, rows?.items);
  const [isHelp, setIsHelp] = useState(false);
  useShortcuts({
    rows: rows?.items ?? [],
    reload,
    help: () => {
      setIsHelp(true);
    },
  });

  const drawn = useDrawn(rows, tab, chosen);
  const columns = columnsOf(drawn.tab).filter((column) =>
    isShown(column, drawn.tab, drawn.chosen, withOthers(query, boot.me.name)),
  );
  const isEmpty = rows?.items.length === 0;
  return (
    <main id="sessions" tabIndex={-1} aria-label={texts.title} className="container-fluid">
      <Header />
      <Tabs
        rows={rows}
        onHelp={() => {
          setIsHelp(true);
        }}
      />
      <div
        role="tabpanel"
        id="tab-panel"
        aria-labelledby={`tab-${tab}`}
        aria-busy={state.isPlaceholderData}
      >
        <Toolbar rows={rows?.items ?? NO_ROWS} isNarrow={isNarrow} />
        <Problem
          reason={state.failureReason}
          at={rows?.at}
          onTry={reload}
          onClear={() => {
            showList(tab, { ...withoutFilters(query), sort: "" });
          }}
        />
        {rows && <Waiting count={rows.waiting.length} onShow={settle} />}
        <div id={ROWS_ID}>
          {!rows && !state.failureReason && <ListSkeleton />}
          {rows && isEmpty && <ListEmpty />}
          {drawn.rows && !isEmpty && isNarrow && (
            <Cards rows={drawn.rows} tab={drawn.tab} selection={selection} />
          )}
          {drawn.rows && !isEmpty && !isNarrow && (
            <SessionTable
              rows={drawn.rows}
              tab={drawn.tab}
              columns={columns}
              selection={selection}
            />
          )}
        </div>
        <div className="list-foot">
          <BulkBar selection={selection} />
          {rows && <Pager rows={rows} />}
        </div>
      </div>
      {isHelp && (
        <HelpDialog
          onClose={() => {
            setIsHelp(false);
          }}
        />
      )}
    </main>
  );
}
