/** The lines of the summary, made of the form's values; pure but for the catalogue. */
import type {
  BillingProject,
  Drive,
  Environment,
  LaunchRequest,
  Limits,
  Preview,
} from "../api/types";
import { inGiB } from "../list/quantity";
import { sizeWords } from "../list/words";
import { texts } from "../texts";
import { durationWords } from "../time/words";
import { visible } from "../ui/visible";
import { fillWords } from "./fields/drive-words";
import { idleSeconds } from "./request";
import type { FormValues } from "./values";

/** "Python 3.12 · 2 CPU · 4 GiB": what was asked for, else what the environment gives. */
export function environmentLine(
  { resources, image }: LaunchRequest,
  environment: Environment | undefined,
): string {
  if (!environment) return texts.form.errors.environment;
  const size = sizeWords({ ...environment.resources.default, ...resources });
  return [visible(environment.title), size, visible(image ?? "")].filter(Boolean).join(" · ");
}

export function driveName(drive: string): string {
  return drive === "default" ? texts.list.yourDefault : visible(drive) || texts.ago.never;
}

export function driveLine(drive: string, drives: readonly Drive[] | undefined): string {
  const found = drives?.find(({ name, is_default: isDefault }) =>
    drive === "default" ? isDefault : name === drive,
  );
  return texts.form.summaryDrive(driveName(drive), found?.used ? fillWords(found) : "");
}

export function idleLine(values: Pick<FormValues, "idle" | "minutes">): string {
  const seconds = idleSeconds(values);
  if (seconds === -1) return texts.form.neverStops;
  return Number.isFinite(seconds) ? texts.form.stopsAfter(durationWords(seconds)) : "";
}

export function lifeLine({ max_lifetime: seconds }: LaunchRequest): string {
  return seconds ? texts.form.lifeIs(durationWords(seconds)) : "";
}

/** "€312 of €500 left"; "" where no figures are known. */
export function leftOf({ left, budget }: BillingProject, currency: string | null): string {
  if (left === null || budget === null || !currency) return "";
  const money = new Intl.NumberFormat("en-GB", {
    style: "currency",
    currency,
    maximumFractionDigits: 0,
  });
  const say = (amount: string) => money.format(Number(amount));
  return texts.form.billingLeft(say(left), say(budget));
}

export function billingLine(
  id: string,
  projects: readonly BillingProject[] | undefined,
  currency: string | null,
): string {
  if (!id) return "";
  const project = projects?.find((each) => each.id === id);
  const left = project ? leftOf(project, currency) : "";
  return texts.form.summaryBilling(visible(project?.name ?? id), left);
}

/** "After this: 5 of 10 sessions, memory 26 of 64 GiB"; "" where nothing is limited. */
export function afterLine(preview: Preview | undefined, limits: Limits | undefined): string {
  const { sessions, cpu, memory } = preview?.limits?.after ?? oneMore(limits);
  const parts = [
    sessions?.max != null ? texts.form.afterSessions(sessions.used, sessions.max) : "",
    cpu?.max ? texts.limits.cpu(cpu.used, cpu.max) : "",
    memory?.max ? texts.limits.memory(inGiB(memory.used), inGiB(memory.max)) : "",
  ].filter(Boolean);
  return parts.length > 0 ? texts.form.after(parts.join(", ")) : "";
}

/** Until the service has answered: what is used now, and one session more. */
function oneMore(limits: Limits | undefined): Limits {
  const sessions = limits?.sessions;
  return sessions ? { sessions: { ...sessions, used: sessions.used + 1 } } : {};
}
