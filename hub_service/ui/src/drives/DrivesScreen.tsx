/** The screen Drives: the page's header, and one's drives or, for an administrator, somebody's. */
import { useState } from "react";

import { boot } from "../boot/boot";
import { Header } from "../list/Header";
import { LiveBadge } from "../list/LiveBadge";
import { HelpDialog } from "../list/HelpDialog";
import { texts } from "../texts";
import { useHere } from "../url/location";
import { visible } from "../ui/visible";
import { DriveBoard } from "./DriveBoard";
import { OwnerField } from "./OwnerField";
import { ScreenTabs } from "./ScreenTabs";

export function DrivesScreen({ name }: { name: string | null }) {
  const { search } = useHere();
  const [isHelp, setIsHelp] = useState(false);
  const owner = new URLSearchParams(search).get("owner") || boot.me.name;
  const isOwn = owner === boot.me.name;
  return (
    <main id="sessions" tabIndex={-1} aria-label={texts.drives.title} className="container-fluid">
      <title>{texts.titleOf(name === null ? texts.drives.title : visible(name))}</title>
      <Header />
      <div className="tab-line">
        <ScreenTabs />
        <LiveBadge
          onHelp={() => {
            setIsHelp(true);
          }}
        />
      </div>
      <div className="drives-title">
        <h2 tabIndex={-1} className="h4 mb-0">
          {isOwn ? texts.drives.title : texts.drives.of(visible(owner))}
        </h2>
        {boot.me.admin && <OwnerField key={owner} owner={owner} />}
      </div>
      <DriveBoard key={owner} owner={owner} reference={name} />
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
