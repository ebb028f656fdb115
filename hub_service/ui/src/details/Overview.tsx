/** Doors, the idle clock, and the facts of a session. */
import type { Session } from "../api/types";
import { serverNow } from "../boot/boot";
import { hasEnded, isLive, isPending } from "../live/fits";
import { Doors } from "../list/cells/Doors";
import { endSentence } from "../status/end-sentence";
import { Evidence } from "../status/Evidence";
import { StartProgress } from "../status/Progress";
import { NextStep } from "../status/NextStep";
import { useStartNews } from "../status/useStartNews";
import { texts } from "../texts";
import { LayerLink } from "../ui/LayerLink";
import { Text } from "../ui/Text";
import { paths } from "../url/routes";
import { Clock } from "./Clock";
import { Facts } from "./Facts";
import { UsageNow } from "./UsageNow";

export function Overview({ session }: { session: Session }) {
  return (
    <>
      {hasEnded(session) && <Cause session={session} />}
      {isPending(session) && <UnderWay session={session} />}
      {isLive(session) && (
        <div className="mb-3">
          <Doors session={session} isLong />
        </div>
      )}
      {session.state === "running" && <Clock session={session} />}
      {session.state === "running" && <UsageNow session={session} />}
      <Facts session={session} />
    </>
  );
}

/** How far a start has come, what it waits for, and the way to all of it. */
function UnderWay({ session }: { session: Session }) {
  return (
    <div className="mb-3">
      <StartProgress session={session} />
      <LayerLink to={paths.status(session.id)} className="btn btn-outline-secondary">
        {texts.list.whatIsHappening}
      </LayerLink>
    </div>
  );
}

export function Cause({ session }: { session: Session }) {
  const isFailed = session.status === "failed";
  return (
    <>
      <div className={`cause ${isFailed ? "cause-failed" : ""}`}>
        <p>
          <Text>{endSentence(session, serverNow()) ?? texts.status.ended}</Text>
        </p>
        <NextStep session={session} withEvidence={isFailed} />{" "}
        <LayerLink to={paths.status(session.id)} className="btn btn-outline-secondary">
          {texts.status.see}
        </LayerLink>
      </div>
      {isFailed && <LastNews id={session.id} />}
    </>
  );
}

/** The sentence of a failure says that its last lines are below. */
function LastNews({ id }: { id: string }) {
  return <Evidence news={useStartNews(id).news} />;
}
