/** The presets of the idle timeout and which of them are within the visitor's limit. */
import { boot } from "../boot/boot";
import { texts } from "../texts";

export { presetWords } from "../start/fit-request";

const PRESETS: readonly number[] = [900, 1800, 3600, 7200, 43_200, 86_400, -1];

export interface Preset {
  seconds: number;
  /** Why it cannot be chosen, or null. */
  reason: string | null;
}

/** Return the presets; `also` is one more value that must be among them. */
export function idlePresets(also?: number): Preset[] {
  const listed = boot.me.idle?.presets ?? PRESETS;
  const all = also === undefined || listed.includes(also) ? listed : [...listed, also];
  const ordered = all.toSorted((a, b) => order(a) - order(b));
  return ordered.map((seconds) => ({ seconds, reason: limitReason(seconds) }));
}

function order(seconds: number): number {
  return seconds === -1 ? Infinity : seconds;
}

export function limitReason(seconds: number): string | null {
  const { max = null, may_be_never: mayBeNever = true } = boot.me.idle ?? {};
  if (seconds === -1) {
    if (!mayBeNever) return texts.form.idleNever;
    return max === null ? null : texts.form.idleLimit(max);
  }
  return max !== null && seconds > max ? texts.form.idleLimit(max) : null;
}
