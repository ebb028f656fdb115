/** The tabs Active and History with their counts, and whether the rows are live. */
import type { KeyboardEvent } from "react";

import type { Rows } from "../live/rows";
import { texts } from "../texts";
import { lastQuery, showTab, useHere } from "../url/location";
import { toApiQuery } from "../url/list-query";
import type { Tab } from "../url/routes";
import { usePreferences } from "../ui/preferences";
import { tabAt } from "../ui/tab-keys";
import { DrivesLink } from "./DrivesLink";
import { LiveBadge } from "./LiveBadge";
import { useCount } from "./useRows";

const TABS: readonly Tab[] = ["active", "history"];

export function Tabs({ rows, onHelp }: { rows: Rows | undefined; onHelp: () => void }) {
  const { tab } = useHere();
  return (
    <div className="tab-line">
      <div className="nav nav-tabs">
        <div
          role="tablist"
          aria-label={texts.tabs.label}
          className="d-flex"
          onKeyDown={(event) => {
            move(event, tab);
          }}
        >
          {TABS.map((each) => (
            <TabButton
              key={each}
              tab={each}
              isChosen={each === tab}
              rows={each === tab ? rows : undefined}
            />
          ))}
        </div>
        <DrivesLink />
      </div>
      <LiveBadge onHelp={onHelp} />
    </div>
  );
}

interface TabButtonProps {
  tab: Tab;
  isChosen: boolean;
  rows: Rows | undefined;
}

function TabButton({ tab, isChosen, rows }: TabButtonProps) {
  const { pageSize } = usePreferences();
  const { data } = useCount(tab, toApiQuery(tab, lastQuery(tab), pageSize), !isChosen);
  const total = isChosen ? rows?.total : data?.total;
  const capped = (isChosen ? rows?.capped : data?.total_is_capped) ?? false;
  return (
    <button
      type="button"
      role="tab"
      id={`tab-${tab}`}
      className={`nav-link ${isChosen ? "active" : ""}`}
      aria-selected={isChosen}
      aria-controls="tab-panel"
      tabIndex={isChosen ? 0 : -1}
      onClick={() => {
        if (!isChosen) showTab(tab);
      }}
    >
      {texts.tabs[tab]}{" "}
      {total !== undefined && (
        <span className="badge bg-secondary-subtle text-secondary-emphasis">
          {texts.tabs.count(total, capped)}
        </span>
      )}
    </button>
  );
}

function move(event: KeyboardEvent<HTMLElement>, shown: Tab): void {
  const next = tabAt(event.key, TABS, shown);
  if (!next) return;
  event.preventDefault();
  event.currentTarget.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  if (next !== shown) showTab(next);
}
