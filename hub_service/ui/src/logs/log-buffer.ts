/** The lines of a log as the page keeps them: the newest, in blocks that stay as they are; pure. */
import { visible } from "../ui/visible";

export const MOST_LINES = 5000;
const BLOCK = 200;

export interface LogLines {
  /** How many lines were there before the first that is kept. */
  before: number;
  lines: readonly string[];
  /** Some lines never came: the program prints faster than they are read. */
  isSkipped: boolean;
}

export const NO_LINES: LogLines = { before: 0, lines: [], isSkipped: false };

/** Take in lines that came after those before; the oldest go when there are too many. */
export function withLines(log: LogLines, added: readonly string[], isSkipped = false): LogLines {
  const all = [...log.lines, ...added];
  const gone = Math.max(0, all.length - MOST_LINES);
  return {
    before: log.before + gone,
    lines: gone > 0 ? all.slice(gone) : all,
    isSkipped: log.isSkipped || isSkipped,
  };
}

export interface Block {
  key: number;
  text: string;
}

/** Cut the lines into blocks whose bounds do not move when lines come or go. */
export function blocksOf({ before, lines }: LogLines): Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const key = Math.floor((before + at) / BLOCK);
    const end = Math.min(lines.length, (key + 1) * BLOCK - before);
    blocks.push({ key, text: lines.slice(at, end).join("\n") });
    at = end;
  }
  return blocks;
}

/** Cut a text at what is looked for, in any case: every second piece is a match. */
export function piecesOf(text: string, wanted: string): string[] {
  if (wanted === "") return [text];
  const escaped = wanted.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return text.split(new RegExp(`(${escaped})`, "gi"));
}

export interface SearchedBlock extends Block {
  /** How many matches stand before this block, and in it. */
  first: number;
  count: number;
}

/** The blocks as they are shown, with their places among all that is found. */
export function searchedBlocks(log: LogLines, wanted: string): SearchedBlock[] {
  let first = 0;
  return blocksOf(log).map(({ key, text }) => {
    const shown = visible(text);
    const block = { key, text: shown, first, count: matchesIn(shown, wanted) };
    first += block.count;
    return block;
  });
}

export function matchesIn(text: string, wanted: string): number {
  return (piecesOf(text, wanted).length - 1) / 2;
}
