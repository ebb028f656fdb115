/** Loads what the form begins with, and keeps it. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { loadClone } from "../actions/calls";
import { useDrives, useEnvironments } from "../api/queries";
import { boot } from "../boot/boot";
import { defaultOf } from "../start/fit-request";
import { preferences } from "../ui/preferences";
import { beginAt, defaultPoint, type StartingPoint } from "./beginning";
import { dropDraft, loadDraft } from "./draft";
import { idlePresets, limitReason } from "./presets";

/** Null while it is loading; an error when the clone or the environments cannot be had. */
export function useStartingPoint(search: string) {
  const cloneId = new URLSearchParams(search).get("clone");
  const environments = useEnvironments();
  const drives = useDrives();
  const clone = useQuery({
    queryKey: ["clone", cloneId],
    queryFn: () => loadClone(cloneId ?? ""),
    enabled: cloneId !== null,
    gcTime: 0,
    retry: false,
  });
  // What the form starts from stays, whatever is loaded anew meanwhile.
  const [point, setPoint] = useState<StartingPoint | null>(null);
  const offered = {
    environments: environments.data ?? [],
    drives: drives.data,
    unsupported: boot.me.unsupported,
    idleReason: limitReason,
    idleDefault: defaultOf(environments.data ?? [])?.idle_default ?? boot.me.idle.default,
    presets: idlePresets().map(({ seconds }) => seconds),
  };
  // Whether a remembered drive is still there has to be known before the form shows it.
  const isReady =
    environments.data && (cloneId === null || clone.data) && (drives.data ?? drives.error);
  let made = point?.source === search ? point : null;
  if (!made && isReady) {
    const last = preferences().lastChoices;
    made = beginAt(search, offered, { draft: loadDraft(search), clone: clone.data, last });
    setPoint(made);
  }
  const startOver = () => {
    dropDraft(search);
    setPoint(defaultPoint(search, offered));
  };
  return { point: made, error: environments.error ?? clone.error, startOver };
}
