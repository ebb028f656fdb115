import { expect, test } from "vitest";

import { choicesFrom } from "./choices";

const python = { value: "python", label: "Python 3.12" };

test("what is offered comes first, then what only the rows have, each once", () => {
  const retired = { value: "python-old", label: "Python 3.9" };
  const twice = { value: "python", label: "python" };
  expect(choicesFrom([python], [retired, twice, retired])).toEqual([python, retired]);
});

test("nothing is called unknown while it is not known what is offered", () => {
  expect(choicesFrom(undefined, [python])).toBe(null);
});
