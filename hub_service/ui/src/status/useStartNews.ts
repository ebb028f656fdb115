/** The stream of one session's events while somebody looks at it. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useReducer } from "react";

import type { Session } from "../api/types";
import { boot } from "../boot/boot";
import { takeSession } from "../live/cache";
import { openStream } from "../live/stream";
import { foldNews, NO_NEWS, START_EVENTS, type StartNews } from "./start-news";

interface Heard {
  news: StartNews;
  isLost: boolean;
}

type Change = "opened" | "lost" | { type: string; data: unknown };

function reduce(heard: Heard, change: Change): Heard {
  // The service tells the past first, so a new connection starts from nothing.
  if (change === "opened") return { news: NO_NEWS, isLost: false };
  if (change === "lost") return { ...heard, isLost: true };
  return { ...heard, news: foldNews(heard.news, change.type, change.data) };
}

export function useStartNews(id: string): Heard {
  const client = useQueryClient();
  const [heard, tell] = useReducer(reduce, { news: NO_NEWS, isLost: false });
  useEffect(
    () =>
      openStream(`${boot.api}sessions/${id}/events`, [...START_EVENTS, "session"], {
        opened: () => {
          tell("opened");
        },
        lost: () => {
          tell("lost");
        },
        event: (type, data) => {
          if (type === "session") takeSession(client, data as Session);
          else tell({ type, data });
        },
      }),
    [id, client],
  );
  return heard;
}
