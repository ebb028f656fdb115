import { expect, test, vi } from "vitest";

import type { Drive } from "../api/types";
import { amountOf } from "../list/quantity";
import {
  bytesWords,
  driveCalled,
  fullness,
  gibOf,
  inUseWords,
  isNearlyFull,
  nameProblem,
  quantityOf,
  sizeProblem,
  capacityWords,
  titleOf,
  totalWords,
} from "./words";

vi.stubGlobal("navigator", { onLine: true });

function makeDrive(given: Partial<Drive> = {}): Drive {
  return {
    id: "daaaaaaaaaaa",
    name: "data",
    title: "data",
    owner: "anna",
    is_default: false,
    size: "10Gi",
    grows_to: null,
    used: null,
    storage_class: null,
    access_mode: null,
    trouble: null,
    mounted_by: [],
    created_at: "2026-01-01T12:00:00Z",
    last_used_at: null,
    deleted_at: null,
    allowed: { delete: true, rename: true, grow: true },
    ...given,
  };
}

test.each([
  ["10Gi", 10 * 2 ** 30],
  ["1.5Gi", 1.5 * 2 ** 30],
  ["2k", 2000],
  ["3Ki", 3072],
  ["1T", 1e12],
  ["512", 512],
  ["1e9", null],
  ["", null],
  [null, null],
])("%s is so many bytes", (quantity, bytes) => {
  expect(amountOf(quantity)).toBe(bytes);
});

test.each([
  [0, "0 MiB"],
  [412 * 2 ** 20, "412 MiB"],
  [3.14 * 2 ** 30, "3.1 GiB"],
  [10 * 2 ** 30, "10 GiB"],
  [150.4 * 2 ** 30, "150 GiB"],
  [2 ** 41, "2 TiB"],
])("%d bytes in words", (bytes, words) => {
  expect(bytesWords(bytes)).toBe(words);
});

test("a size is told in GiB, whether it is a quantity or plain bytes", () => {
  expect(capacityWords("10Gi")).toBe("10 GiB");
  expect(capacityWords(String(10 * 2 ** 30))).toBe("10 GiB");
});

test("how full a drive is follows from both figures, and is told from 80 % on", () => {
  expect(fullness(makeDrive({ used: String(8.1 * 2 ** 30) }))).toBe(81);
  expect(fullness(makeDrive())).toBeNull();
  expect(fullness(makeDrive({ size: null, used: "5" }))).toBeNull();
  expect([79, 80, 120, null].map(isNearlyFull)).toEqual([false, true, true, false]);
});

test("what drives have together is told where there is a bound", () => {
  expect(totalWords(String(40 * 2 ** 30), "100Gi")).toBe("40 of 100 GiB used");
  expect(totalWords(String(40.25 * 2 ** 30), "1Ti")).toBe("40.3 of 1024 GiB used");
  expect(totalWords("1", null)).toBe("");
  expect(totalWords(null, "100Gi")).toBe("");
});

test("what is typed as GiB becomes a quantity, and nothing else does", () => {
  expect([gibOf("10Gi"), gibOf("512Mi"), gibOf(null)]).toEqual(["10", "0.5", ""]);
  expect([quantityOf(" 20 "), quantityOf("0.5")]).toEqual(["20Gi", "0.5Gi"]);
  expect(["", "0", "-1", "ten", "1e3", "1Gi"].map(quantityOf)).toEqual(Array(6).fill(null));
});

test("a name is of the right form, and free but for the drive itself", () => {
  const drive = makeDrive();
  expect(nameProblem("model-2", [drive])).toBe("");
  for (const name of ["", "Data", "-a", "a-", "a b", "x".repeat(41), "../x"])
    expect(nameProblem(name, [drive])).toBe(
      "Use lower case letters, digits and hyphens, up to 40 characters.",
    );
  expect(nameProblem("data", [drive])).toBe("You have a drive called ‘data’ already.");
  expect(nameProblem("data", [drive], drive)).toBe("");
});

test("a size is a number within the bounds", () => {
  expect(sizeProblem("20", "100Gi")).toBe("");
  expect(sizeProblem("x", "100Gi")).toBe("Type a size in GiB, such as 10.");
  expect(sizeProblem("101", "100Gi")).toBe("Choose 100 GiB or less.");
  expect(sizeProblem("10", "100Gi", "10Gi")).toBe("A drive only grows: type more than 10 GiB.");
  expect(sizeProblem("11", "100Gi", "10Gi")).toBe("");
});

test("the default drive is called after its owner", () => {
  const drive = makeDrive({ name: "default", is_default: true });
  expect(titleOf(drive, "anna")).toBe("your default");
  expect(titleOf(drive, "kim")).toBe("anna’s default");
  expect(titleOf(makeDrive({ name: "a\u202eb" }), "anna")).toBe("a\\u202eb");
});

test("a drive in use says by what", () => {
  const holder = (name: string) => ({ id: name, name });
  expect(inUseWords({ mounted_by: [holder("gpu-train")] })).toBe(
    "In use by gpu-train. Stop it first.",
  );
  expect(inUseWords({ mounted_by: [holder("one"), holder("two")] })).toBe(
    "In use by one, two. Stop them first.",
  );
});

test("an address means a drive by its name, else by its id", () => {
  const data = makeDrive();
  const other = makeDrive({ id: "data", name: "other" });
  expect(driveCalled([other, data], "data")).toBe(data);
  expect(driveCalled([other, data], "daaaaaaaaaaa")).toBe(data);
  expect(driveCalled([data], "none")).toBeUndefined();
});
