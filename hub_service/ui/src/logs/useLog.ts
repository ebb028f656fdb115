/** The log of a session: read once, or followed while somebody wants it. */
import { useEffect, useReducer, useRef } from "react";

import { call } from "../api/client";
import { sentenceOf } from "../api/error-text";
import type { LogOut } from "../api/schemas";
import type { LogPart } from "../api/types";
import { boot } from "../boot/boot";
import { openStream } from "../live/stream";
import { NO_LINES, withLines, type LogLines } from "./log-buffer";

const TAIL = 500;

export interface Log {
  log: LogLines;
  container: string | null;
  containers: readonly string[];
  isLoading: boolean;
  /** The session is over, and only its last lines were kept. */
  isKept: boolean;
  isLost: boolean;
  /** Why it cannot be read. */
  problem: string;
}

const NOTHING: Log = {
  log: NO_LINES,
  container: null,
  containers: [],
  isLoading: true,
  isKept: false,
  isLost: false,
  problem: "",
};

type Change =
  | { type: "opened" | "lost" }
  | { type: "read"; found: LogOut }
  | { type: "lines"; part: LogPart }
  | { type: "failed"; problem: string };

function reduce(state: Log, change: Change): Log {
  switch (change.type) {
    case "opened":
      // The service begins with the last lines, so a new connection starts from nothing.
      return { ...NOTHING, container: state.container, containers: state.containers };
    case "lost":
      return { ...state, isLost: true };
    case "failed":
      return { ...state, isLoading: false, problem: change.problem };
    case "read": {
      const { lines, container, containers, is_kept: isKept } = change.found;
      return {
        ...NOTHING,
        log: withLines(NO_LINES, lines),
        container,
        containers,
        isKept,
        isLoading: false,
      };
    }
    case "lines": {
      const { lines, skipped, container, containers } = change.part;
      const log = withLines(state.log, lines, skipped);
      return { ...state, log, container, containers, isLoading: false, isLost: false };
    }
  }
}

/** `round` counts how often it was asked for anew. */
export function useLog(id: string, container: string, follows: boolean, round: number): Log {
  const [state, tell] = useReducer(reduce, NOTHING);
  const known = useRef("");
  useEffect(() => {
    const asked = `${container} ${round}`;
    // Whoever stops following keeps what is there.
    if (!follows && known.current === asked) return;
    known.current = asked;
    const query = new URLSearchParams({ tail: String(TAIL) });
    if (container) query.set("container", container);
    if (!follows) {
      const abort = read(`sessions/${id}/logs?${query.toString()}`, tell);
      return () => {
        known.current = "";
        abort();
      };
    }
    query.set("follow", "true");
    const close = openStream(`${boot.api}sessions/${id}/logs?${query.toString()}`, EVENTS, {
      opened: () => {
        tell({ type: "opened" });
      },
      lost: () => {
        tell({ type: "lost" });
      },
      event: (type, data) => {
        if (type === "lines") tell({ type, part: data as LogPart });
        else close();
      },
    });
    return close;
  }, [id, container, follows, round]);
  return state;
}

const EVENTS = ["lines", "end"] as const;

function read(path: string, tell: (change: Change) => void): () => void {
  const aborter = new AbortController();
  call<LogOut>("GET", path, { signal: aborter.signal })
    .then((found) => {
      tell({ type: "read", found });
    })
    .catch((error: unknown) => {
      if (!aborter.signal.aborted) tell({ type: "failed", problem: sentenceOf(error) });
    });
  return () => {
    aborter.abort();
  };
}
