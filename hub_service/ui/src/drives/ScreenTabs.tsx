/** The way back to the lists, where their tabs stand on the other screens. */
import { DrivesLink } from "../list/DrivesLink";
import { texts } from "../texts";
import { formatListQuery } from "../url/list-query";
import { hrefOf, lastQuery, showTab } from "../url/location";
import { paths, type Tab } from "../url/routes";

const TABS: readonly Tab[] = ["active", "history"];

export function ScreenTabs() {
  return (
    <nav aria-label={texts.drives.screens} className="nav nav-tabs">
      {TABS.map((tab) => (
        <a
          key={tab}
          className="nav-link"
          href={hrefOf(paths.tab(tab) + formatListQuery(lastQuery(tab)))}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
            event.preventDefault();
            showTab(tab);
          }}
        >
          {texts.tabs[tab]}
        </a>
      ))}
      <DrivesLink isHere />
    </nav>
  );
}
