/** `open/<id>/<door>`: waits until the door answers, then goes there; never a reload loop. */
import { useEffect, useRef } from "react";

import { useSession } from "../api/useSession";
import type { Session } from "../api/types";
import { boot } from "../boot/boot";
import { hasEnded } from "../live/fits";
import { Absent } from "../status/Absent";
import { NextStep } from "../status/NextStep";
import { StartStory } from "../status/StartStory";
import { texts } from "../texts";
import { hrefOf } from "../url/location";
import type { Door } from "../url/routes";
import { safeHref } from "../ui/links";
import { visible } from "../ui/visible";
import { doorName, targetOf } from "./target";

export function OpenScreen({ id, door }: { id: string; door: Door }) {
  const { data: session, failureReason } = useSession(id);
  const name = visible(session?.name ?? id);
  return (
    <main id="sessions" tabIndex={-1} aria-label={texts.title} className="container open-screen">
      <h1 className="h3 text-break">{texts.open.title(doorName(door), name)}</h1>
      {session ? <Waiting session={session} door={door} /> : <Absent why={failureReason} />}
      <a href={hrefOf("")}>{texts.open.toList}</a>
    </main>
  );
}

function Waiting({ session, door }: { session: Session; door: Door }) {
  const { address, problem } = targetOf(session, door, boot.me.name);
  const href = safeHref(address);
  useGoing(href);
  return (
    <>
      {!hasEnded(session) && (
        <p>
          {href ? texts.open.going : problem ? visible(problem) : texts.open.waiting}{" "}
          {href && <a href={href}>{texts.open.openIt(doorName(door))}</a>}
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
function useGoing(href: string | null): void {
  const hasGone = useRef(false);
  useEffect(() => {
    if (!href || hasGone.current) return;
    hasGone.current = true;
    location.replace(href);
  }, [href]);
}
