import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync(new URL("./yaml.css", import.meta.url), "utf8");

function colours(selector: string): Record<string, string> {
  const start = css.indexOf(`${selector} {`);
  const block = css.slice(start, css.indexOf("}", start));
  return Object.fromEntries(
    [...block.matchAll(/--yaml-([a-z]+): (#[0-9a-f]{3,6});/g)].map(([, name, colour]) => [
      name,
      colour,
    ]),
  ) as Record<string, string>;
}

function luminance(colour: string): number {
  const digits = colour.length === 4 ? colour.replace(/[0-9a-f]/g, "$&$&") : colour;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(digits.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

test.each([":root", '[data-bs-theme="dark"]'])(
  "every colour of the editor reads well on every ground of %s",
  (selector) => {
    const found = colours(selector);
    for (const ink of ["key", "text", "number", "comment", "mark"]) {
      for (const ground of ["paper", "added", "removed", "selection"]) {
        const ratio = contrast(found[ink] ?? "", found[ground] ?? "");
        expect(ratio, `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  },
);
