/** What a visitor does to come to a state: things are found by role and name, as tests find them. */

const SELECTORS = {
  button: "button, [role=button]",
  link: "a[href], [role=link]",
  tab: "[role=tab]",
  menuitem: "[role=menuitem], [role=menuitemcheckbox], [role=menuitemradio]",
  checkbox: "input[type=checkbox], [role=checkbox]",
  radio: "input[type=radio], [role=radio]",
  combobox: "[role=combobox], select",
  option: "[role=option]",
  searchbox: "input[type=search], [role=searchbox]",
  switch: "[role=switch]",
  summary: "summary",
  textbox: "input, textarea, [role=textbox]",
} as const;

export type Role = keyof typeof SELECTORS;

export type Step =
  | { press: [Role, string] }
  | { focus: [Role, string] }
  | { fill: [Role, string, string] }
  | { choose: [string, string] }
  | { key: string }
  | { scroll: string }
  | { see: string };

const PATIENCE = 20_000;

export async function carryOut(steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    await eventually(() => tryStep(step), `The gallery's step ${JSON.stringify(step)} had no end.`);
  }
}

function tryStep(step: Step): boolean {
  if ("see" in step) return document.body.innerText.includes(step.see);
  if ("key" in step) return pressKey(step.key);
  if ("scroll" in step) return scrollTo(step.scroll);
  if ("choose" in step) return chooseOption(...step.choose);
  const [role, name] = "press" in step ? step.press : "focus" in step ? step.focus : step.fill;
  const found = find(role, name);
  if (!found || found.matches(":disabled")) return false;
  found.focus();
  if ("press" in step) found.click();
  if ("fill" in step) fill(found, step.fill[2]);
  return true;
}

function pressKey(key: string): boolean {
  const target = document.activeElement ?? document.body;
  for (const type of ["keydown", "keyup"]) {
    target.dispatchEvent(new KeyboardEvent(type, { key, bubbles: true, cancelable: true }));
  }
  return true;
}

function scrollTo(text: string): boolean {
  const all = [...document.querySelectorAll<HTMLElement>("h2, h3, h4, legend, label, th, li, p")];
  const found = all.find((each) => each.innerText.includes(text));
  found?.scrollIntoView({ block: "start" });
  return Boolean(found);
}

/** Choose from a `<select>`, by the words of the option. */
function chooseOption(name: string, words: string): boolean {
  const select = find("combobox", name);
  if (!(select instanceof HTMLSelectElement)) return false;
  const option = [...select.options].find(({ text }) => text.includes(words));
  if (!option) return false;
  select.value = option.value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

/** Type into a field; React hears of it only through the element's own setter. */
function fill(element: HTMLElement, text: string): void {
  const setter = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(element), "value")?.set;
  setter?.call(element, text);
  element.dispatchEvent(new Event("input", { bubbles: true }));
}

function find(role: Role, name: string): HTMLElement | undefined {
  const modal = [...document.querySelectorAll<HTMLElement>("dialog:modal")].at(-1);
  const all = [...(modal ?? document).querySelectorAll<HTMLElement>(SELECTORS[role])];
  const shown = all.filter((each) => each.checkVisibility());
  return (
    shown.find((each) => nameOf(each) === name) ?? shown.find((each) => nameOf(each).includes(name))
  );
}

function nameOf(element: HTMLElement): string {
  const by = element.getAttribute("aria-labelledby")?.split(" ") ?? [];
  const labels = (element as HTMLInputElement).labels ?? [];
  const words =
    element.getAttribute("aria-label") ??
    ([...by.map((id) => document.getElementById(id)), ...labels]
      .map((label) => label?.textContent ?? "")
      .join(" ") ||
      element.textContent);
  return words.replace(/\s+/g, " ").trim();
}

async function eventually(isDone: () => boolean, otherwise: string): Promise<void> {
  const until = performance.now() + PATIENCE;
  while (!isDone()) {
    if (performance.now() > until) throw new Error(otherwise);
    await new Promise((resolve) => window.setTimeout(resolve, 20));
  }
  // What a step brings about is drawn before the next one looks.
  await new Promise((resolve) => window.setTimeout(resolve, 20));
}
