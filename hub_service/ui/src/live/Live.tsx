/** Live data for the whole page: the stream while the page is seen, and whether updates are paused. */
import { useQueryClient } from "@tanstack/react-query";
import { createContext, use, useEffect, useMemo, useState, type ReactNode } from "react";

import type { SessionNotice } from "../api/types";
import { boot, serverNow } from "../boot/boot";
import { useNotices, type NoticeAction } from "../ui/Notices";
import { visible } from "../ui/visible";
import { openLayer } from "../url/location";
import { paths } from "../url/routes";
import { texts } from "../texts";
import { takeNews } from "./news";
import { isPaused, setPaused } from "./pause";
import { useIsSeen } from "./seen";
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
  const { say, announce } = useNotices();

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
          takeNews(client, type, data, announce);
        }
      },
    });
    return () => {
      close();
      setConnection("connecting");
    };
  }, [isWanted, doubts, client, say, announce]);

  // A fresh look at everything when the network comes back.
  useEffect(() => {
    const back = () => {
      if (!isPaused()) void client.invalidateQueries();
    };
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
        setPaused(true);
        setPausedAt(Date.now());
      },
      resume: () => {
        setPaused(false);
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
