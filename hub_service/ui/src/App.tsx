/** Which screen and which layer the address asks for. */
import { useEffect, type ComponentType } from "react";

import { ActionsProvider } from "./actions/Actions";
import { FormAway } from "./create/FormAway";
import { ListScreen } from "./list/ListScreen";
import { useSession } from "./api/useSession";
import { LiveProvider } from "./live/Live";
import { texts } from "./texts";
import { later, loadWhenIdle } from "./ui/later";
import { NoticesProvider } from "./ui/Notices";
import { visible } from "./ui/visible";
import { hrefOf, useHere } from "./url/location";
import type { Place } from "./url/routes";

const Form = later(() =>
  import("./create/CreateDialog").catch(() => ({ default: FormAway as ComponentType })),
);
const StatusDialog = later(() =>
  import("./status/StatusDialog").then((part) => ({ default: part.StatusDialog })),
);
const Drawer = later(() => import("./details/Drawer").then((part) => ({ default: part.Drawer })));
const OpenScreen = later(() =>
  import("./open/OpenScreen").then((part) => ({ default: part.OpenScreen })),
);

export function App() {
  const { place } = useHere();
  // The form and the other parts are there before they are asked for.
  useEffect(() => loadWhenIdle(1500), []);
  return (
    <NoticesProvider>
      <LiveProvider>
        <ActionsProvider>
          <Screen place={place} />
        </ActionsProvider>
      </LiveProvider>
    </NoticesProvider>
  );
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
