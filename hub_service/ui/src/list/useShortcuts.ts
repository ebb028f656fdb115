/** Single keys for the list (page.md, section 18); not in fields, and they can be switched off. */
import { useEffect, useRef } from "react";

import { useActions, type Actions } from "../actions/Actions";
import type { Session } from "../api/types";
import { useLive } from "../live/Live";
import { rowNameId } from "../ui/focus";
import { safeHref } from "../ui/links";
import { usePreferences } from "../ui/preferences";
import { openLayer, showTab } from "../url/location";
import { paths } from "../url/routes";

interface Screen {
  rows: Session[];
  reload: () => void;
  help: () => void;
}

export function useShortcuts(screen: Screen): void {
  const { shortcuts } = usePreferences();
  const actions = useActions();
  const { state, pause, resume } = useLive();
  const pauseOrResume = state === "paused" ? resume : pause;
  const latest = useRef({ screen, actions, pauseOrResume });
  useEffect(() => {
    latest.current = { screen, actions, pauseOrResume };
  });
  useEffect(() => {
    if (!shortcuts) return;
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
      const { screen: now, actions: can, pauseOrResume: toggle } = latest.current;
      const run = pageKey(event.key, now, toggle) ?? rowKey(event.key, now.rows, can);
      if (!run) return;
      event.preventDefault();
      run();
    };
    document.addEventListener("keydown", listen);
    return () => {
      document.removeEventListener("keydown", listen);
    };
  }, [shortcuts]);
}

function pageKey(key: string, screen: Screen, pause: () => void): (() => void) | undefined {
  const byKey: Partial<Record<string, () => void>> = {
    n: () => {
      openLayer(paths.create());
    },
    "/": () => document.querySelector<HTMLElement>("input[type=search]")?.focus(),
    a: () => {
      showTab("active");
    },
    h: () => {
      showTab("history");
    },
    r: screen.reload,
    p: pause,
    "?": screen.help,
    j: () => {
      moveRow(screen.rows, 1);
    },
    k: () => {
      moveRow(screen.rows, -1);
    },
  };
  return byKey[key];
}

function rowKey(key: string, rows: Session[], actions: Actions): (() => void) | undefined {
  const session = rows[focusedRow(rows)];
  if (!session) return undefined;
  const byKey: Partial<Record<string, () => void>> = {
    o: () => {
      openLab(session);
    },
    c: () => {
      openLayer(paths.clone(session.id));
    },
    s: () => {
      if (session.allowed.stop === true) actions.stop(session);
    },
    x: () => {
      document
        .querySelector<HTMLElement>(`[data-session="${session.id}"] [type=checkbox]`)
        ?.click();
    },
    e: () => {
      if (session.state === "running" && session.allowed.extend === true) {
        openLayer(paths.keep(session.id));
      }
    },
  };
  return byKey[key];
}

function openLab(session: Session): void {
  const href = safeHref(session.urls?.lab);
  if (href && session.access.lab?.state === "ready") window.open(href, "_blank", "noopener");
}

function focusedRow(rows: Session[]): number {
  const row = document.activeElement?.closest<HTMLElement>("[data-session]");
  return rows.findIndex((session) => session.id === row?.dataset.session);
}

function moveRow(rows: Session[], by: number): void {
  const at = focusedRow(rows);
  const to = rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)];
  if (to) document.getElementById(rowNameId(to.id))?.focus();
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest("input:not([type=checkbox]), textarea, select, [role=menu]") !== null
  );
}
