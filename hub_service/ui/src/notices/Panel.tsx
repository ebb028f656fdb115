/** The last notices of this tab, newest first, and when sessions are warned of. */
import { useEffect } from "react";

import { texts } from "../texts";
import { clockWords } from "../time/words";
import type { Notice } from "../ui/notice-log";
import { WarnSettings } from "./WarnSettings";

const { bell: t } = texts;

export function Panel({ log, onSeen }: { log: readonly Notice[]; onSeen: (id: number) => void }) {
  const newest = log.at(-1)?.id ?? 0;
  useEffect(() => {
    onSeen(newest);
  }, [newest, onSeen]);
  return (
    <div className="notices-panel">
      <h2 className="h6">{t.title}</h2>
      {log.length === 0 && <p className="text-body-secondary">{t.empty}</p>}
      <ol className="list-unstyled" aria-label={t.title}>
        {log.toReversed().map((notice) => (
          <Line key={notice.id} notice={notice} />
        ))}
      </ol>
      <WarnSettings />
    </div>
  );
}

function Line({ notice: { text, at, action } }: { notice: Notice }) {
  return (
    <li className="notices-line">
      <time dateTime={new Date(at).toISOString()} className="numbers text-body-secondary">
        {clockWords(at)}
      </time>
      <span>{text}</span>
      {action && (
        <button type="button" className="btn btn-sm btn-outline-secondary" onClick={action.run}>
          {action.label}
        </button>
      )}
    </li>
  );
}
