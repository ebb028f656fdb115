/** Live data for the whole page: the stream while the page is seen, and whether updates are paused. */
import { notifyManager, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { createContext, use, useEffect, useMemo, useState, type ReactNode } from "react";

import type { Session, SessionNotice } from "../api/types";
import { boot, serverNow } from "../boot/boot";
import { useNotices, type NoticeAction } from "../ui/Notices";
import { visible } from "../ui/visible";
import { openLayer } from "../url/location";
import { paths } from "../url/routes";
import { texts } from "../texts";
import { dropSession, keys, knownSession, takeSession } from "./cache";
import { newerOf } from "./rows";
import { openStream } from "./stream";

export type LiveState = "connecting" | "live" | "lost" | "paused";

interface Live {
  state: LiveState;
  pausedAt: number;
  pause: () => void;
  resume: () => void;
  /** A refresh brought what the stream should have told: open the stream anew. */
  doubt: () => void;
}

const LiveContext = createContext<Live | null>(null);
const TYPES = [
  "hello",
  "session",
  "removed",
  "limits",
  "drive",
  "notice",
  "reset",
  "signed-out",
] as const;
const HIDDEN_FOR = 60_000;

let lastNews = serverNow();

/** When the page last heard from the service, in milliseconds. */
export function newsAt(): number {
  return lastNews;
}

export function heard(): void {
  lastNews = serverNow();
}

export function LiveProvider({ children }: { children: ReactNode }) {
  const [connection, setConnection] = useState<LiveState>("connecting");
  const [pausedAt, setPausedAt] = useState(0);
  const [doubts, setDoubts] = useState(0);
  const isWanted = useIsSeen() && pausedAt === 0;
  const client = useQueryClient();
  const { say } = useNotices();

  useEffect(() => {
    if (!isWanted) return;
    let wasLost = false;
    const close = openStream(`${boot.api}events`, TYPES, {
      opened: () => {
        heard();
        setConnection("live");
        if (wasLost) void client.invalidateQueries();
        wasLost = false;
      },
      lost: () => {
        wasLost = true;
        setConnection("lost");
      },
      event: (type, data) => {
        heard();
        if (type === "hello" && isNewBuild(data)) {
          say(texts.live.newBuild, {
            action: {
              label: texts.errors.reload,
              run: () => {
                location.reload();
              },
            },
          });
        } else if (type === "notice" && isNotice(data)) {
          say(visible(data.sentence), { action: stepOf(data), isNews: true });
        } else {
          // Nothing comes any more, and what is shown is not live.
          if (type === "signed-out") setConnection("lost");
          take(client, type, data);
        }
      },
    });
    return () => {
      close();
      setConnection("connecting");
    };
  }, [isWanted, doubts, client, say]);

  // A fresh look at everything when the network comes back.
  useEffect(() => {
    const back = () => void client.invalidateQueries();
    window.addEventListener("online", back);
    return () => {
      window.removeEventListener("online", back);
    };
  }, [client]);

  const live = useMemo<Live>(
    () => ({
      state: pausedAt ? "paused" : connection,
      pausedAt,
      pause: () => {
        setPausedAt(Date.now());
      },
      resume: () => {
        setPausedAt(0);
        void client.invalidateQueries();
      },
      doubt: () => {
        setDoubts((count) => count + 1);
      },
    }),
    [connection, pausedAt, client],
  );
  return <LiveContext value={live}>{children}</LiveContext>;
}

export function useLive(): Live {
  const live = use(LiveContext);
  if (!live) throw new Error("useLive needs a LiveProvider.");
  return live;
}

function take(client: QueryClient, type: string, data: unknown): void {
  if (type === "session" && isSession(data)) queue(client, data);
  else if (type === "removed") dropSession(client, (data as { id: string }).id);
  else if (type === "limits") askAgain(client, keys.limits, 200);
  else if (type === "drive") askAgain(client, keys.drives, 200);
  else if (type === "reset" || type === "signed-out") void client.invalidateQueries();
}

const queued = new Map<string, Session>();

/** Take in a burst of events with one rendering: the newest of each session, 50 ms later. */
function queue(client: QueryClient, session: Session): void {
  if (queued.size === 0) {
    window.setTimeout(() => {
      const sessions = [...queued.values()];
      queued.clear();
      const isMoved = sessions.some(({ id, state }) => knownSession(client, id)?.state !== state);
      notifyManager.batch(() => {
        for (const each of sessions) takeSession(client, each);
      });
      // The tabs' counts; news of an idle clock changes none.
      if (isMoved) askAgain(client, ["count"], 1500);
    }, 50);
  }
  queued.set(session.id, newerOf(queued.get(session.id), session));
}

const asking = new Set<string>();

/** Ask for these again, once for a burst of events. */
function askAgain(client: QueryClient, queryKey: readonly string[], wait: number): void {
  const name = queryKey.join();
  if (asking.has(name)) return;
  asking.add(name);
  window.setTimeout(() => {
    asking.delete(name);
    void client.invalidateQueries({ queryKey });
  }, wait);
}

function isSession(data: unknown): data is Session {
  return typeof data === "object" && data !== null && "id" in data && "revision" in data;
}

function isNotice(data: unknown): data is SessionNotice {
  const { session, sentence, action } = (data ?? {}) as Partial<SessionNotice>;
  return [session, sentence, action?.label].every((each) => typeof each === "string");
}

/** What can be done about a notice: look at the session's story. */
function stepOf({ session, action }: SessionNotice): NoticeAction {
  return {
    label: action.label,
    run: () => {
      openLayer(paths.story(session));
    },
  };
}

function isNewBuild(data: unknown): boolean {
  const build = (data as { build?: string } | null)?.build;
  return build !== undefined && boot.build !== "" && build !== boot.build;
}

/** False once the browser tab has been hidden for a minute. */
function useIsSeen(): boolean {
  const [isSeen, setIsSeen] = useState(true);
  useEffect(() => {
    let timer: number | undefined;
    const look = () => {
      window.clearTimeout(timer);
      if (document.hidden)
        timer = window.setTimeout(() => {
          setIsSeen(false);
        }, HIDDEN_FOR);
      else setIsSeen(true);
    };
    document.addEventListener("visibilitychange", look);
    return () => {
      window.clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return isSeen;
}
