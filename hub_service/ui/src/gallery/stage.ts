/** What the page stands on in the gallery: the time, the network, storage, data block and address. */
import type { Me } from "../api/types";
import { API, BASE } from "./addresses";
import { defaultsFor, pageOf } from "./answers";
import { ME, NOW } from "./examples";
import { installNetwork } from "./network";
import type { State } from "./state";

/** Have everything there before the page's own modules are loaded. */
export function prepare(state: State): void {
  const me: Me = { ...ME, ...state.me };
  fixTime();
  const kept = { [`sessions.v1.${me.name}`]: state.preferences ?? {}, ...state.kept };
  replaceStorage("localStorage", kept);
  replaceStorage("sessionStorage", {});
  if (state.isOffline) Object.defineProperty(navigator, "onLine", { get: () => false });
  const answers = { ...defaultsFor(me, state.sessions ?? []), ...state.answers };
  installNetwork(state, answers);
  const where = { base_url: BASE, api: API };
  const sessions = state.first ? pageOf(state.first, new URLSearchParams("tab=active")) : null;
  const offered = answers["GET environments"];
  const environments = offered && "items" in offered ? offered.items : null;
  writeBoot(
    state.isEarly
      ? where
      : { ...where, me, hub_url: "/hub/", xsrf_token: "x", sessions, environments },
  );
  history.replaceState(null, "", BASE + (state.path ?? ""));
}

function writeBoot(data: object): void {
  const block = document.createElement("script");
  block.type = "application/json";
  block.id = "boot";
  block.textContent = JSON.stringify(data);
  document.body.append(block);
}

/** It is always the same moment, so that pictures repeat. */
function fixTime(): void {
  const Real = Date;
  const Fixed = function (...given: unknown[]) {
    const made = given.length === 0 ? [NOW] : given;
    return new Real(...(made as [number]));
  };
  Fixed.prototype = Real.prototype;
  window.Date = Object.assign(Fixed, {
    now: () => NOW,
    parse: Real.parse.bind(Real),
    UTC: Real.UTC.bind(Real),
  }) as unknown as DateConstructor;
}

/** Storage of this state alone: states that are shown side by side keep nothing for each other. */
function replaceStorage(name: "localStorage" | "sessionStorage", first: object): void {
  const kept = new Map(Object.entries(first).map(([key, value]) => [key, JSON.stringify(value)]));
  const storage: Storage = {
    get length() {
      return kept.size;
    },
    clear: () => {
      kept.clear();
    },
    getItem: (key) => kept.get(key) ?? null,
    key: (index) => [...kept.keys()][index] ?? null,
    removeItem: (key) => {
      kept.delete(key);
    },
    setItem: (key, value) => {
      kept.set(key, value);
    },
  };
  Object.defineProperty(window, name, { configurable: true, value: storage });
}
