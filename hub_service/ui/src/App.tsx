/** Which screen and which layer the address asks for. */
import { useEffect, useState } from "react";

import { ActionsProvider } from "./actions/Actions";
import { FormAway } from "./create/FormAway";
import { ListScreen } from "./list/ListScreen";
import * as listParts from "./list/parts";
import { useSession } from "./api/useSession";
import { LiveProvider } from "./live/Live";
import { texts } from "./texts";
import { lazily, persistently } from "./ui/lazily";
import { NoticesProvider } from "./ui/Notices";
import { visible } from "./ui/visible";
import { hrefOf, useHere } from "./url/location";
import type { Place } from "./url/routes";

const Form = lazily(() => import("./create/CreateDialog").then((part) => part.default), FormAway);
const Drawer = lazily(() => import("./details/Drawer").then(({ Drawer: Loaded }) => Loaded));
const StatusDialog = lazily(() =>
  import("./status/StatusDialog").then((part) => part.StatusDialog),
);
const OpenScreen = lazily(() => import("./open/OpenScreen").then((part) => part.OpenScreen));
const DrivesScreen = lazily(() =>
  import("./drives/DrivesScreen").then(({ DrivesScreen: Loaded }) => Loaded),
);
const SOON = [Form, Drawer, StatusDialog, DrivesScreen, ...Object.values(listParts)];

const Watch = lazily(() =>
  persistently(() => import("./notices/Watch")).then(({ Watch: Loaded }) => Loaded),
);

export function App() {
  const { place } = useHere();
  useEffect(() => {
    // The form and the other parts are there before they are asked for.
    const idle = window.setTimeout(() => {
      for (const part of SOON) part.preload();
    }, 1500);
    return () => {
      window.clearTimeout(idle);
    };
  }, []);
  return (
    <NoticesProvider>
      <LiveProvider>
        <ActionsProvider>
          <Screen place={place} />
          <Later />
        </ActionsProvider>
      </LiveProvider>
    </NoticesProvider>
  );
}

/** What nobody waits for: loaded when the page has come to rest. */
function Later() {
  const [isTime, setIsTime] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => {
      setIsTime(true);
    }, 2000);
    return () => {
      window.clearTimeout(timer);
    };
  }, []);
  return isTime && <Watch />;
}

function Screen({ place }: { place: Place }) {
  if (place.at === "open") {
    return (
      <>
        <Title id={place.id} />
        <OpenScreen id={place.id} door={place.door} />
      </>
    );
  }
  if (place.at === "drives") return <DrivesScreen name={place.name} />;
  if (place.at === "nowhere") return <NoPage />;
  return (
    <>
      <ListScreen />
      <Layer place={place} />
    </>
  );
}

function Layer({ place }: { place: Place }) {
  if (place.at === "new") {
    return <Form key={location.search} />;
  }
  if (place.at === "details") {
    return (
      <>
        <Title id={place.id} />
        <Drawer key={place.id} id={place.id} part={place.part} />
      </>
    );
  }
  if (place.at === "status") {
    return (
      <>
        <Title id={place.id} />
        <StatusDialog id={place.id} />
      </>
    );
  }
  return <title>{texts.title}</title>;
}

function Title({ id }: { id: string }) {
  const { data } = useSession(id);
  return <title>{data ? texts.titleOf(visible(data.name)) : texts.title}</title>;
}

function NoPage() {
  return (
    <main id="sessions" tabIndex={-1} aria-label={texts.title} className="container">
      <h1 className="h3">{texts.title}</h1>
      <p>{texts.noPage}</p>
      <a href={hrefOf("")}>{texts.open.toList}</a>
    </main>
  );
}
