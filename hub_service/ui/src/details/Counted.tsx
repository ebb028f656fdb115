/** What counts as use, one line a kind: when it was used last, and whether now. */
import type { Idle, Session } from "../api/types";
import { texts } from "../texts";
import { Text } from "../ui/Text";
import { When } from "../ui/When";

type Line = NonNullable<Idle["counted"]>[number];

const { clock: t } = texts;

export function Counted({ session }: { session: Session }) {
  // A door that is not there is not one that nobody opened.
  const lines = (session.idle?.counted ?? []).filter(
    ({ kind, at }) => at !== null || session.access[kind as "code"]?.state !== "off",
  );
  if (lines.length === 0) return null;
  return (
    <table className="counted">
      <caption className="visually-hidden">{t.countedTitle}</caption>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">{t.what}</th>
          <th scope="col">{t.lastUsed}</th>
          <th scope="col">{t.countsTitle}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.kind}>
            <th scope="row">{t.whole[line.kind] ?? line.kind}</th>
            <td>
              <LastUse line={line} />
            </td>
            <td className="text-body-secondary">{t.counts(line.counts)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function LastUse({ line: { kind, at, busy, sentence } }: { line: Line }) {
  if (at === null) return kind === "code" || kind === "shell" ? t.notOpened : t.notUsed;
  return (
    <>
      {busy ? t.busy : <When at={at} />}
      {sentence && (
        <small className="d-block text-body-secondary">
          <Text>{sentence}</Text>
        </small>
      )}
    </>
  );
}
