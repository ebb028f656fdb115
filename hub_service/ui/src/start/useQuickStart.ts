/** One click to a running session: with the last choices, or without any with the defaults. */
import { useDrives, useEnvironments } from "../api/queries";
import type { LaunchRequest } from "../api/types";
import { boot } from "../boot/boot";
import { texts } from "../texts";
import { durationWords } from "../time/words";
import { usePreferences } from "../ui/preferences";
import { defaultOf, fitRequest } from "./fit-request";
import { limitReason } from "../create/presets";

export function useQuickStart() {
  const { lastChoices } = usePreferences();
  const { data: environments = [] } = useEnvironments();
  const { data: drives } = useDrives();
  const environment = defaultOf(environments);
  if (!environment) {
    const label = lastChoices ? texts.start.lastChoices : texts.start.defaults;
    return { request: null, label, note: undefined, reason: texts.start.noEnvironment };
  }
  const idle = environment.idle_default;
  const fallback: LaunchRequest = {
    environment: environment.name,
    idle_timeout: idle,
    drive: "default",
  };
  const { unsupported } = boot.me;
  const offered = { environments, drives, unsupported, idleReason: limitReason, idleDefault: idle };
  const fit = fitRequest(lastChoices ?? fallback, offered);
  const request: LaunchRequest = { ...fallback, ...fit.request };
  const chosen = environments.find(({ name }) => name === request.environment);
  return {
    request,
    label: lastChoices ? texts.start.lastChoices : texts.start.defaults,
    note: [requestWords(request, chosen?.title ?? request.environment), ...fit.notes].join(". "),
    reason: undefined,
  };
}

function requestWords({ drive, idle_timeout: idle }: LaunchRequest, environment: string): string {
  return texts.start.choices(
    environment,
    drive === "default" ? texts.list.yourDefault : drive,
    idle === -1 ? texts.form.never : durationWords(idle),
  );
}
