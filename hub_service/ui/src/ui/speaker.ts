/** What the polite live region says: at most one sentence in two seconds, news of one kind counted. */

export interface Spoken {
  text: string;
  /** Says several of this kind at once: "3 sessions stopped." */
  many?: ((count: number) => string) | undefined;
}

const AT_MOST_EVERY = 2000;
/** What happens at once is said at once; and an empty region makes the same words news again. */
const GATHERED_FOR = 100;

/** Returns what to call with each sentence; `tell` puts words into the region. */
export function makeSpeaker(tell: (words: string) => void): (spoken: Spoken) => void {
  let waiting: Spoken[] = [];
  let isResting = false;
  const begin = () => {
    isResting = true;
    tell("");
    setTimeout(speak, GATHERED_FOR);
  };
  const speak = () => {
    tell(joined(waiting));
    waiting = [];
    setTimeout(() => {
      isResting = false;
      if (waiting.length > 0) begin();
    }, AT_MOST_EVERY - GATHERED_FOR);
  };
  return (spoken) => {
    waiting.push(spoken);
    if (!isResting) begin();
  };
}

/** In the order of the first of each kind; the same sentence once. */
export function joined(all: readonly Spoken[]): string {
  const kinds = new Map(all.map(({ text, many }) => [text, many]));
  for (const { text, many } of all) if (many) kinds.set(text, many);
  const said = new Set<string>();
  for (const [text, many] of kinds) {
    const alike = [...kinds.values()].filter((each) => each && each === many).length;
    said.add(many && alike > 1 ? many(alike) : text);
  }
  return [...said].join(" ");
}
