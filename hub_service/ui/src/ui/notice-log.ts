/** The last notices of this tab: what is told anew about the same takes the earlier one's place. */

const MOST_NOTICES = 50;

export interface Notice {
  id: number;
  text: string;
  tone: "plain" | "error";
  action: NoticeAction | null;
  subject: string;
  /** When it was told, in milliseconds. */
  at: number;
  /** Whether it is news, and not the answer to what the visitor did. */
  isNews: boolean;
}

export interface NoticeAction {
  label: string;
  run: () => void;
}

/** Whether a toast stays in the list of notices once it is gone. */
export function isKept({ action, tone, isNews }: Notice): boolean {
  return action !== null || tone === "error" || isNews;
}

/** Oldest first; at most `most`. */
export function mergeNotice(all: readonly Notice[], notice: Notice, most = MOST_NOTICES): Notice[] {
  return [...all.filter(({ subject }) => subject !== notice.subject), notice].slice(-most);
}

export function newsSince(all: readonly Notice[], seen: number): number {
  return all.filter(({ id, isNews }) => isNews && id > seen).length;
}
