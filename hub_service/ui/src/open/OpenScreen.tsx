/** `open/<id>/<door>`: waits until the door answers, then goes there; never a reload loop. */
import { useEffect, useRef } from "react";

import { isMissing, useSession } from "../api/useSession";
import type { DoorName, Session } from "../api/types";
import { hasEnded } from "../live/fits";
import { NextStep } from "../status/NextStep";
import { StartStory } from "../status/StartStory";
import { texts } from "../texts";
import { hrefOf } from "../url/location";
import { safeHref } from "../ui/links";
import { visible } from "../ui/visible";

export function OpenScreen({ id, door }: { id: string; door: DoorName }) {
  const { data: session, error } = useSession(id);
  const name = visible(session?.name ?? id);
  return (
    <main id="sessions" tabIndex={-1} aria-label={texts.title} className="container open-screen">
      <h1 className="h3 text-break">{texts.open.title(texts.doors[door], name)}</h1>
      {session ? (
        <Waiting session={session} door={door} />
      ) : (
        <p>{isMissing(error) ? texts.missing : texts.details.loading}</p>
      )}
      <a href={hrefOf("")}>{texts.open.toList}</a>
    </main>
  );
}

function Waiting({ session, door }: { session: Session; door: DoorName }) {
  const href = useGoing(session, door);
  const { state, reason } = session.access[door] ?? {};
  const isStuck = state === "failed" || (state === "off" && session.state === "running");
  return (
    <>
      {!hasEnded(session) && (
        <p>
          {href ? texts.open.going : isStuck && reason ? visible(reason) : texts.open.waiting}{" "}
          {href && <a href={href}>{texts.doors.openPlain[door]}</a>}
        </p>
      )}
      <StartStory session={session} />
      {!href && (
        <div className="my-3">
          <NextStep session={session} withEvidence />
        </div>
      )}
    </>
  );
}

/** Go to the door once it is ready; Back does not bring one here again. */
function useGoing(session: Session, door: DoorName): string | null {
  const isReady = session.access[door]?.state === "ready";
  const href = isReady ? safeHref(session.urls?.[door]) : null;
  const hasGone = useRef(false);
  useEffect(() => {
    if (!href || hasGone.current) return;
    hasGone.current = true;
    location.replace(href);
  }, [href]);
  return href;
}
