/** The chronicle of a session: time, sentence, who; newest last, the cause on top if it ended. */
import { useQuery } from "@tanstack/react-query";

import { getUnlessUnchanged } from "../api/client";
import { sentenceOf } from "../api/error-text";
import type { ChronicleLine, Session } from "../api/types";
import { serverNow } from "../boot/boot";
import { keys } from "../live/cache";
import { hasEnded } from "../live/fits";
import { texts } from "../texts";
import { clockWords, exactWords, inOwnZone, newDayWords } from "../time/words";
import { useCopy } from "../ui/copy";
import { Icon } from "../ui/Icon";
import { Text } from "../ui/Text";
import { visible } from "../ui/visible";
import { Cause } from "./Overview";
import { Parents } from "./Parents";

export function Story({ session }: { session: Session }) {
  const copy = useCopy();
  const { data: lines, error } = useQuery({
    // The revision in the key: every visible change may have written a line.
    queryKey: [...keys.chronicle(session.id), session.revision],
    queryFn: ({ signal }) =>
      getUnlessUnchanged<{ items: ChronicleLine[] }>(
        `sessions/${session.id}/chronicle`,
        signal,
      ).then(({ items }) => items),
    placeholderData: (before) => before,
  });
  return (
    <>
      {hasEnded(session) && <Cause session={session} />}
      <Parents key={session.id} session={session} />
      {error && !lines && <p>{sentenceOf(error)}</p>}
      {lines?.length === 0 && <p>{texts.details.noStory}</p>}
      <ol className="story" aria-label={texts.details.story}>
        {lines?.map((line, index) => (
          <li key={line.n}>
            <Day at={line.at} before={lines[index - 1]?.at} />
            <time dateTime={line.at} title={exactWords(line.at)} className="numbers">
              {clockWords(Date.parse(line.at), true)}
            </time>
            <span>
              <Text>{sentenceOfLine(line)}</Text>
              <Who line={line} />
            </span>
          </li>
        ))}
      </ol>
      {lines && lines.length > 0 && (
        <button
          type="button"
          className="btn btn-sm btn-outline-secondary"
          onClick={() => {
            copy(storyText(lines));
          }}
        >
          <Icon name="copy" /> {texts.details.copyStory}
        </button>
      )}
    </>
  );
}

/** The day, where it is not the one of the line before or, on top, today. */
function Day({ at, before }: { at: string; before: string | undefined }) {
  const now = serverNow();
  const day = newDayWords(Date.parse(at), before ? Date.parse(before) : now, now);
  return day ? <strong className="story-day">{day}</strong> : null;
}

function sentenceOfLine({ sentence, times }: ChronicleLine): string {
  return inOwnZone(sentence, times, serverNow());
}

function Who({ line }: { line: ChronicleLine }) {
  const who = whoWords(line);
  return who ? <small className="text-body-secondary d-block">{visible(who)}</small> : null;
}

function whoWords({ actor, on_behalf_of: other }: ChronicleLine): string {
  return [actor ?? "", other ? texts.details.onBehalf(other) : ""].filter(Boolean).join(" ");
}

function storyText(lines: ChronicleLine[]): string {
  return lines
    .map((line) =>
      [line.at, visible(sentenceOfLine(line)), whoWords(line)].filter(Boolean).join("  "),
    )
    .join("\n");
}
