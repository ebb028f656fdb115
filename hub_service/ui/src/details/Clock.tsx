/** When and why the session will stop, what counts as use, and how to keep it longer. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId } from "react";

import { extendSession, patchSession } from "../actions/calls";
import { sentenceOf } from "../api/error-text";
import type { Session } from "../api/types";
import { boot, serverNow } from "../boot/boot";
import { takeSession } from "../live/cache";
import { texts } from "../texts";
import { useWords } from "../time/now";
import { durationWords } from "../time/words";
import { Icon } from "../ui/Icon";
import { Menu } from "../ui/Menu";
import { useNotices } from "../ui/Notices";
import { Text } from "../ui/Text";
import { When } from "../ui/When";
import { idlePresets, presetWords } from "../create/presets";
import { clockWordsOf } from "./clock-words";

const KEEP_FOR = [3600, 4 * 3600, 12 * 3600];

export function Clock({ session }: { session: Session }) {
  const words = useWords((now) => clockWordsOf(session, now).sentences.join(" "));
  const headingId = useId();
  const isWarning = session.idle?.state === "warning";
  const counted = session.idle?.counted ?? [];
  return (
    <section
      aria-labelledby={headingId}
      data-testid="clock"
      className={`clock ${isWarning ? "clock-warning" : ""}`}
    >
      <h3 id={headingId} className="h6">
        {texts.details.clock}
      </h3>
      <p>
        <Text>{words}</Text>
      </p>
      {counted.length > 0 && (
        <ul className="counted">
          {counted.map(({ kind, at, counts, sentence }) => (
            <li key={kind}>
              <span>{texts.clock.kinds[kind] ?? kind}</span>
              <span>
                {sentence && <Text>{sentence}</Text>}
                {!sentence && (at ? <When at={at} /> : texts.clock.notUsed)}
              </span>
              <span className="text-body-secondary">{texts.clock.counts(counts)}</span>
            </li>
          ))}
        </ul>
      )}
      <ClockControls session={session} />
    </section>
  );
}

function ClockControls({ session }: { session: Session }) {
  const { setTimeout, extend, isBusy } = useClockChanges(session);
  const max = boot.me.extend_max ?? null;
  const may = session.allowed;
  const presets = idlePresets(session.idle_timeout);
  return (
    <div className="d-flex flex-wrap gap-2 align-items-center">
      <label className="d-flex gap-2 align-items-center">
        <span className="text-nowrap">{texts.details.idleTimeout}</span>
        <select
          className="form-select form-select-sm"
          value={session.idle_timeout}
          disabled={isBusy || may.edit !== true}
          onChange={(event) => {
            setTimeout(Number(event.target.value));
          }}
        >
          {presets.map(({ seconds, reason }) => (
            <option key={seconds} value={seconds} disabled={reason !== null}>
              {presetWords(seconds)}
            </option>
          ))}
        </select>
      </label>
      {may.extend === true && (
        <span data-keep>
          <Menu
            label={texts.details.keepRunning}
            className="btn btn-sm btn-outline-secondary"
            isBusy={isBusy}
            items={KEEP_FOR.filter((seconds) => max === null || seconds <= max).map((seconds) => ({
              label: texts.details.keepFor(seconds),
              note: texts.details.keepUntil(serverNow() + 1000 * seconds, serverNow()),
              run: () => {
                extend(seconds);
              },
            }))}
          >
            {texts.details.keepRunning} <Icon name="down" />
          </Menu>
        </span>
      )}
    </div>
  );
}

function useClockChanges(session: Session) {
  const client = useQueryClient();
  const { say } = useNotices();
  const onError = (error: Error) => {
    say(sentenceOf(error), { tone: "error" });
  };
  const timeout = useMutation({
    mutationFn: (seconds: number) => patchSession(session, { idle_timeout: seconds }),
    onSuccess: (now) => {
      takeSession(client, now);
      const words = now.idle_timeout === -1 ? texts.form.never : durationWords(now.idle_timeout);
      say(texts.details.timeoutSaved(words));
    },
    onError,
  });
  const extend = useMutation({
    mutationFn: (seconds: number) => extendSession(session.id, seconds),
    onSuccess: (now) => {
      takeSession(client, now);
      const until = now.idle?.extended_until;
      say(until ? texts.details.kept(until, serverNow()) : texts.details.keptPlain);
    },
    onError,
  });
  return {
    setTimeout: timeout.mutate,
    extend: extend.mutate,
    isBusy: timeout.isPending || extend.isPending,
  };
}
