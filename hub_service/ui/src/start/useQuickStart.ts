/** One click to a running session: with the last choices, or without any with the defaults. */
import { sentenceOf } from "../api/error-text";
import { useDrives, useEnvironments } from "../api/queries";
import type { Environment, LaunchRequest } from "../api/types";
import { boot } from "../boot/boot";
import { texts } from "../texts";
import { usePreferences } from "../ui/preferences";
import { defaultOf, fitRequest, presetWords } from "./fit-request";
import { limitReason } from "../create/presets";

export function useQuickStart() {
  const { lastChoices } = usePreferences();
  const { data, error } = useEnvironments();
  const { data: drives } = useDrives();
  const label = lastChoices ? texts.start.lastChoices : texts.start.defaults;
  const environments = data ?? [];
  const environment = defaultOf(environments);
  if (!environment) {
    return { request: null, label, note: undefined, reason: whyNone(data, error) };
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
    label,
    note: [requestWords(request, chosen?.title ?? request.environment), ...fit.notes].join(". "),
    reason: undefined,
  };
}

/** Why nothing can be started, as far as it is known. */
function whyNone(environments: Environment[] | undefined, error: Error | null): string {
  if (environments) return texts.start.noEnvironment;
  return error ? sentenceOf(error) : texts.form.loading;
}

function requestWords({ drive, idle_timeout: idle }: LaunchRequest, environment: string): string {
  return texts.start.choices(
    environment,
    drive === "default" ? texts.list.yourDefault : drive,
    presetWords(idle),
  );
}
