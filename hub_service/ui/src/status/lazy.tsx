/** The status dialog and the waiting page, which the list's first paint does not need. */
import type { DoorName } from "../api/types";
import { texts } from "../texts";
import { Dialog } from "../ui/Dialog";
import { lazily } from "../ui/lazily";
import { closeLayer } from "../url/location";

export const LazyStatusDialog = lazily<{ id: string }>(
  () => import("./StatusDialog"),
  function StatusAway({ id }) {
    return (
      <Dialog title={texts.status.titleReady(id)} onClose={closeLayer} sessionId={id}>
        <p>{texts.status.away}</p>
      </Dialog>
    );
  },
);

export const LazyOpenScreen = lazily<{ id: string; door: DoorName }>(
  () => import("../open/OpenScreen"),
  function OpenAway() {
    return (
      <main id="sessions" tabIndex={-1} aria-label={texts.title} className="container">
        <h1 className="h3">{texts.title}</h1>
        <p>{texts.status.away}</p>
      </main>
    );
  },
);
