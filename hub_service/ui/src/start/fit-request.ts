/** Choices of another time or place: made to fit what there is now, and what differs is said; pure. */
import type { Drive, Environment, EnvironmentChoice, LaunchRequest } from "../api/types";
import { texts } from "../texts";
import { durationWords } from "../time/words";

type Asked = Partial<LaunchRequest>;

export interface Offered {
  environments: readonly Environment[];
  /** Undefined while they are not known. */
  drives?: readonly Drive[] | undefined;
  /** Field of a launch request → why this hub cannot give it. */
  unsupported: Readonly<Record<string, string>>;
  /** Why an idle timeout (seconds) cannot be had, or null. */
  idleReason: (seconds: number) => string | null;
  /** The one that is taken instead, in seconds. */
  idleDefault: number;
}

export interface Fitted {
  request: Asked;
  /** What is different from what was asked for, a sentence each. */
  notes: string[];
}

/** Return the environment that is chosen without a word. */
export function defaultOf(environments: readonly Environment[]): Environment | undefined {
  const open = environments.filter(({ allowed }) => allowed === true);
  return open.find((each) => each.is_default) ?? open[0];
}

export function fitRequest(asked: Asked, offered: Offered): Fitted {
  const steps = [fitEnvironment, fitDrive, fitTimeout, leaveOutUnsupported];
  return steps.reduce<Fitted>(
    ({ request, notes }, fit) => {
      const next = fit(request, offered);
      return { request: next.request, notes: [...notes, ...next.notes] };
    },
    { request: asked, notes: [] },
  );
}

function fitEnvironment(request: Asked, { environments }: Offered): Fitted {
  if (request.environment === undefined) return { request, notes: [] };
  const environment = environments.find(({ name }) => name === request.environment);
  if (environment) return fitChoices(request, environment.choices);
  const now = defaultOf(environments);
  const notes = now ? [texts.form.noEnvironmentCalled(request.environment, now.title)] : [];
  return { request: { ...request, environment: now?.name ?? "", choices: {} }, notes };
}

/** "Size ‘large’ is not offered any more: small is chosen." */
function fitChoices(request: Asked, options: readonly EnvironmentChoice[]): Fitted {
  const notes: string[] = [];
  const kept = options.flatMap((option) => {
    const value = request.choices?.[option.name];
    if (value === undefined) return [];
    if (isOffered(option, value)) return [[option.name, value]];
    const was = typeof value === "string" ? value : value.unlisted;
    const now = option.values[option.default ?? ""] ?? option.default ?? texts.form.unlisted;
    notes.push(texts.form.notOffered(option.title, was, now));
    return [];
  });
  const others = Object.entries(request).filter(([field]) => field !== "choices");
  const choices = kept.length > 0 ? [["choices", Object.fromEntries(kept)]] : [];
  return { request: Object.fromEntries([...others, ...choices]) as Asked, notes };
}

function isOffered(option: EnvironmentChoice, value: string | { unlisted: string }): boolean {
  return typeof value === "string" ? value in option.values : option.unlisted !== null;
}

function fitDrive(request: Asked, { drives }: Offered): Fitted {
  const { drive } = request;
  const isKnown = drive === undefined || drive === "default" || drives === undefined;
  if (isKnown || drives.some(({ name, id }) => name === drive || id === drive)) {
    return { request, notes: [] };
  }
  return { request: { ...request, drive: "default" }, notes: [texts.form.driveGone(drive)] };
}

function fitTimeout(request: Asked, { idleReason, idleDefault }: Offered): Fitted {
  const seconds = request.idle_timeout;
  if (seconds === undefined || idleReason(seconds) === null) return { request, notes: [] };
  const note = texts.form.notOffered(
    texts.form.idle,
    presetWords(seconds),
    presetWords(idleDefault),
  );
  return { request: { ...request, idle_timeout: idleDefault }, notes: [note] };
}

/** An idle timeout: "15 min", "Unlimited". */
export function presetWords(seconds: number): string {
  return seconds === -1 ? texts.form.never : durationWords(seconds);
}

/** Leave out what this hub cannot give, so that no disabled field stands in the way. */
function leaveOutUnsupported(request: Asked, { unsupported }: Offered): Fitted {
  const notes: string[] = [];
  let { resources } = request;
  const gone = Object.entries(unsupported).filter(([field, reason]) => {
    const isAsked = field === "resources.gpu" ? resources?.gpu : !saysNothing(request[field]);
    if (!isAsked) return false;
    const title = field === "resources.gpu" ? texts.form.gpu : (texts.form.fields[field] ?? field);
    notes.push(texts.form.leftOut(title, reason));
    return true;
  });
  const fields = gone.map(([field]) => field);
  if (fields.includes("resources.gpu")) resources = { ...resources, gpu: null };
  const kept = Object.entries({ ...request, resources }).filter(
    ([field, value]) => !fields.includes(field) && value !== undefined,
  );
  return { request: Object.fromEntries(kept), notes };
}

/** Whether a field of a request is as if it were not there. */
export function saysNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === "" || value === false) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
