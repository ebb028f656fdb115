/** Where the cursor stands in a text that may be half written: by its indentation; pure. */
export interface CursorPlace {
  /** The keys above, null for a list's entry. */
  path: (string | null)[];
  /** The key whose value is being written; null while a key is. */
  key: string | null;
  /** What of it is written already, and where that begins. */
  prefix: string;
  from: number;
  /** The column of the key, for what is put under it. */
  column: number;
  /** The keys that stand beside it already. */
  siblings: string[];
}

const LINE = /^( *)((?:- +)*)(?:("[^"]*"|'[^']*'|[^\s#:"'-][^#:]*?|-[^\s#:]+)\s*:(?: +(.*))?)?$/;

interface Token {
  column: number;
  /** Null for a dash. */
  key: string | null;
  opens: boolean;
}

/** Return the place of a cursor; null in comments and in what this does not read. */
export function placeAt(text: string, cursor: number): CursorPlace | null {
  const start = text.lastIndexOf("\n", cursor - 1) + 1;
  const before = text.slice(start, cursor);
  const written = /^( *)((?:- +)*)(?:([^\s#:]+)\s*:\s+)?([^\s#:]*)$/.exec(before);
  if (!written || before.includes("\t")) return null;
  const [, space = "", dashes = "", key, prefix = ""] = written;
  const column = space.length + dashes.length;
  const above = text.slice(0, start).split("\n").slice(0, -1);
  const lines = above.map(tokensOf).concat([dashTokens(space.length, dashes)]);
  const after = text.slice(start).split("\n").slice(1).map(tokensOf);
  return {
    path: pathTo(lines, column),
    key: key === undefined ? null : unquoted(key),
    prefix,
    from: cursor - prefix.length,
    column,
    siblings: [
      ...siblingsOf([...lines].reverse(), column, true),
      ...siblingsOf(after, column, false),
    ],
  };
}

function dashTokens(at: number, dashes: string): Token[] {
  return [...dashes.matchAll(/-/g)].map(({ index }) => ({
    column: at + index,
    key: null,
    opens: true,
  }));
}

function tokensOf(line: string): Token[] {
  const match = LINE.exec(line.replace(/(^|\s)#.*$/, "").trimEnd());
  if (!match || line.trim() === "") return [];
  const [, space = "", dashes = "", key, value = ""] = match;
  const tokens = dashTokens(space.length, dashes);
  if (key === undefined) return tokens;
  const column = space.length + dashes.length;
  return [...tokens, { column, key: unquoted(key), opens: value === "" }];
}

function unquoted(key: string): string {
  return /^(["']).*\1$/.test(key) ? key.slice(1, -1) : key;
}

/** Go up and left from a column, as far as keys and dashes lead. */
function pathTo(lines: Token[][], column: number): (string | null)[] {
  const path: (string | null)[] = [];
  let here = column;
  let isInList = false;
  for (const token of lines.flat().reverse()) {
    if (token.key === null) {
      if (token.column >= here) continue;
      path.unshift(null);
      here = token.column;
      isInList = true;
    } else if (token.opens && (token.column < here || (isInList && token.column === here))) {
      path.unshift(token.key);
      here = token.column;
      isInList = false;
    }
  }
  return path;
}

/** Return the keys of the same mapping, going away from the cursor's line. */
function siblingsOf(lines: Token[][], column: number, isUp: boolean): string[] {
  const found: string[] = [];
  for (const tokens of lines) {
    const dash = tokens.findLast(({ key }) => key === null);
    const own = tokens.find(({ key }) => key !== null);
    const isOtherEntry = dash !== undefined && dash.column < column;
    if (isOtherEntry && !isUp) break;
    if (own && own.column === column && own.key !== null) found.push(own.key);
    if (isOtherEntry || (own && own.column < column)) break;
  }
  return found;
}
