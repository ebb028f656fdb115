/** When and why the session will stop, what counts as use, and how to keep it longer. */
import { useId } from "react";

import { useIsBusy } from "../actions/Actions";
import { keepForSeconds, keepItWords, useExtend } from "../actions/useExtend";
import type { Session } from "../api/types";
import { serverNow } from "../boot/boot";
import { texts } from "../texts";
import { useWords } from "../time/now";
import { dateWords } from "../time/words";
import { Act } from "../ui/Act";
import { usePreferences } from "../ui/preferences";
import { Text } from "../ui/Text";
import { clockWordsOf } from "./clock-words";
import { Counted } from "./Counted";
import { IdleSelect } from "./IdleSelect";
import { KeepMenu } from "./KeepMenu";

export function Clock({ session }: { session: Session }) {
  const { warnMinutes } = usePreferences();
  const words = useWords((now) => clockWordsOf(session, now, warnMinutes).sentences.join(" "));
  const tone = useWords((now) => clockWordsOf(session, now, warnMinutes).tone);
  const headingId = useId();
  const { lifetime_ends_at: lifetime } = session;
  const mayExtend = session.allowed.extend === true;
  return (
    <section
      aria-labelledby={headingId}
      data-testid="clock"
      className={`clock ${tone === "warning" ? "clock-warning" : ""}`}
    >
      <h3 id={headingId} className="h6">
        {texts.details.clock}
      </h3>
      <p>
        <Text>{words}</Text> {tone === "warning" && mayExtend && <KeepIt session={session} />}
      </p>
      <Counted session={session} />
      <div className="d-flex flex-wrap gap-2 align-items-start">
        <IdleSelect key={session.id} session={session} />
        {mayExtend && <KeepMenu session={session} />}
      </div>
      {lifetime && (
        <p className="mt-2 mb-0">
          {texts.clock.longest(dateWords(Date.parse(lifetime), serverNow()))}
        </p>
      )}
    </section>
  );
}

function KeepIt({ session }: { session: Session }) {
  const { mutate: extend } = useExtend();
  const isBusy = useIsBusy(session.id);
  return (
    <Act
      className="btn-sm btn-primary"
      isBusy={isBusy}
      onClick={() => {
        extend({ id: session.id, session, body: { seconds: keepForSeconds() } });
      }}
    >
      {keepItWords()}
    </Act>
  );
}
