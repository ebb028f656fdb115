/** Tells of what happens to the visitor's sessions and drives without his doing, each once. */
import { useEffect, useRef } from "react";

import { useDrives } from "../api/queries";
import type { Session } from "../api/types";
import { boot, serverNow } from "../boot/boot";
import { texts } from "../texts";
import { useWords } from "../time/now";
import { useNotices } from "../ui/Notices";
import { preferences, remember } from "../ui/preferences";
import { visible } from "../ui/visible";
import { openLayer } from "../url/location";
import { paths } from "../url/routes";
import { tellOutside } from "./outside";
import {
  driveReminders,
  endedReminders,
  lifeReminders,
  longReminders,
  type Reminder,
} from "./reminders";

const MOST_REMEMBERED = 100;

export function useRemember(sessions: readonly Session[]): void {
  const { say } = useNotices();
  const { data: drives } = useDrives();
  const known = useRef<ReadonlyMap<string, Session>>(new Map());
  // Often enough for a warning ten minutes ahead.
  const turn = useWords((now) => String(Math.floor(now / 300_000)));
  useEffect(() => {
    const who = { me: boot.me.name, now: serverNow() };
    const ended = endedReminders(known.current, sessions, who);
    known.current = new Map(sessions.map((session) => [session.id, session]));
    const lasting = [
      ...longReminders(sessions, who),
      ...lifeReminders(sessions, who),
      ...driveReminders(drives ?? [], boot.me.name),
    ].filter(({ key }) => !preferences().reminded.includes(key));
    if (lasting.length > 0) {
      const reminded = [...preferences().reminded, ...lasting.map(({ key }) => key)];
      remember({ reminded: reminded.slice(-MOST_REMEMBERED) });
    }
    for (const reminder of [...ended, ...lasting]) {
      const text = visible(reminder.text);
      say(text, { subject: reminder.key, isNews: true, action: stepOf(reminder) });
      tellOutside(text);
    }
  }, [sessions, drives, turn, say]);
}

function stepOf({ session, part }: Reminder) {
  if (session === null) return null;
  const isStory = part === "story";
  return {
    label: isStory ? texts.reminders.story : texts.reminders.details,
    run: () => {
      openLayer(isStory ? paths.story(session) : paths.details(session));
    },
  };
}
