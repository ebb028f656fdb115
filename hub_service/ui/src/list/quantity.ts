/** Amounts as Kubernetes writes them, such as "500m" and "4Gi": as numbers and in words; pure. */
const UNITS: Record<string, number> = {
  "": 1,
  m: 1e-3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

interface Quantity {
  number: string;
  unit: string;
}

function parsed(quantity: string): Quantity | null {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(quantity) ?? [];
  return number !== "" && Object.hasOwn(UNITS, unit) ? { number, unit } : null;
}

/** "500m" as 0.5, "4Gi" as bytes; null for what is none. */
export function amountOf(quantity: string | null | undefined): number | null {
  const found = parsed(quantity ?? "");
  return found && Number(found.number) * (UNITS[found.unit] ?? 1);
}

/** "4Gi" as "4 GiB", "500m" as "0.5". */
export function quantityWords(quantity: string): string {
  const found = parsed(quantity);
  if (!found) return quantity;
  const { number, unit } = found;
  if (unit === "m") return String(Number(number) / 1000);
  return unit === "" ? number : `${number} ${unit}B`;
}

/** Bytes, or a quantity such as "64Gi", in GiB with at most one decimal. */
export function inGiB(amount: number | string): string {
  const size = (amountOf(String(amount)) ?? 0) / 2 ** 30;
  return size.toLocaleString("en-GB", { maximumFractionDigits: 1 });
}
