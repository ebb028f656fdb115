/**
 * The gallery: the real page in every state, with typed answers in place of the service.
 * `gallery.html` lists the states, `gallery.html?state=NAME&theme=dark` is one of them.
 */
import { settle } from "./settle";
import { prepare } from "./stage";
import { stateCalled } from "./states";
import { carryOut } from "./steps";

const asked = new URLSearchParams(location.search);
const name = asked.get("state");
const root = document.documentElement;
root.dataset.bsTheme = asked.get("theme") === "dark" ? "dark" : "light";

if (name === null) await import("./Index");
else await show(name);

async function show(name: string): Promise<void> {
  const state = stateCalled(name);
  if (!state) throw new Error(`The gallery has no state called ‘${name}’.`);
  try {
    prepare(state);
    await import("../main");
    await carryOut(state.steps ?? []);
    await carryOut([{ see: state.sees }]);
    await settle();
    root.dataset.gallery = "ready";
  } catch (error) {
    root.dataset.gallery = String(error);
    throw error;
  }
}
