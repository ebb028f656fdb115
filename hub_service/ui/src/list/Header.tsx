/** The heading with what is used of the limits, and "New session" with its quicker ways. */
import { newKey } from "../api/client";
import { useDrives, useEnvironments, useLimits } from "../api/queries";
import type { Environment, LaunchRequest, Limits } from "../api/types";
import { useActions } from "../actions/Actions";
import { boot } from "../boot/boot";
import { texts } from "../texts";
import { durationWords } from "../time/words";
import { openLayer } from "../url/location";
import { paths } from "../url/routes";
import { Icon } from "../ui/Icon";
import { Menu } from "../ui/Menu";
import { usePreferences } from "../ui/preferences";
import { inGiB } from "./words";

export function Header() {
  const { data: limits } = useLimits();
  return (
    <header className="page-head">
      <h1 className="h3 mb-0">{texts.title}</h1>
      {limits && <span className="text-body-secondary">{limitWords(limits)}</span>}
      <NewSession />
    </header>
  );
}

function limitWords({ sessions, cpu, memory }: Limits): string {
  return [
    sessions ? texts.limits.sessions(sessions.used, sessions.max) : "",
    cpu?.max ? texts.limits.cpu(cpu.used, cpu.max) : "",
    memory?.max ? texts.limits.memory(inGiB(memory.used), inGiB(memory.max)) : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

function NewSession() {
  const { start } = useActions();
  const { label, note, request, reason } = useQuickStart();
  return (
    <div className="btn-group">
      <button
        type="button"
        className="btn btn-primary"
        onClick={() => {
          openLayer(paths.create());
        }}
      >
        <Icon name="plus" /> {texts.start.newSession}
      </button>
      <Menu
        label={texts.start.more}
        className="btn btn-primary btn-split"
        items={[
          {
            label,
            note,
            reason,
            run: () => {
              if (request) start(request, newKey());
            },
          },
        ]}
      >
        <Icon name="down" />
      </Menu>
    </div>
  );
}

/** One click to a running session: with the last choices, or without any with the defaults. */
export function useQuickStart() {
  const { lastChoices } = usePreferences();
  const { data: environments } = useEnvironments();
  const { data: drives } = useDrives();
  const fallback = defaultRequest(environments ?? []);
  const title = (name: string) => environments?.find((each) => each.name === name)?.title ?? name;
  // What no longer exists is not tripped over: then the defaults are offered.
  const isThere =
    lastChoices !== null &&
    (environments?.some((each) => each.name === lastChoices.environment) ?? true) &&
    (lastChoices.drive === "default" ||
      (drives?.some((drive) => drive.name === lastChoices.drive) ?? true));
  const request = isThere ? lastChoices : fallback;
  return {
    request,
    label: isThere ? texts.start.lastChoices : texts.start.defaults,
    note: request ? requestWords(request, title(request.environment)) : undefined,
    reason: request ? undefined : texts.start.noEnvironment,
  };
}

function defaultRequest(environments: Environment[]): LaunchRequest | null {
  const open = environments.filter(({ allowed }) => allowed === undefined || allowed === true);
  const environment = open.find((each) => each.is_default) ?? open[0];
  if (!environment) return null;
  const idle = environment.idle_default ?? boot.me.idle?.default ?? 900;
  return { environment: environment.name, idle_timeout: idle, drive: "default" };
}

function requestWords({ drive, idle_timeout: idle }: LaunchRequest, environment: string): string {
  return texts.start.choices(
    environment,
    drive === "default" ? texts.list.yourDefault : drive,
    idle === -1 ? texts.form.never : durationWords(idle),
  );
}
