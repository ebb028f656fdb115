/** The rows of a combobox: what fits the typed text, and where the keys lead; pure. */
export interface Option {
  value: string;
  label: string;
  note: string;
}

export interface Row extends Option {
  /** Whether it is the offer to make what was typed. */
  isNew: boolean;
}

/** What fits the typed text, and the offer to make it when nothing is called exactly so. */
export function rowsFor(
  typed: string | null,
  value: string,
  options: Option[],
  creatable: (typed: string) => string | null,
): Row[] {
  const wanted = (typed ?? "").trim().toLowerCase();
  const fitting = options
    .filter(({ value, label }) => `${value} ${label}`.toLowerCase().includes(wanted))
    .map((option) => ({ ...option, isNew: false }));
  const asked = typed === null ? value : wanted;
  const offer = asked && !named(asked, options) ? creatable(asked) : null;
  return offer ? [...fitting, { value: asked, label: offer, note: "", isNew: true }] : fitting;
}

/** The option that is called so, in any case. */
export function named(text: string, options: Option[]): Option | undefined {
  const wanted = text.toLowerCase();
  return options.find(
    ({ value, label }) => value.toLowerCase() === wanted || label.toLowerCase() === wanted,
  );
}

/** The row after this one, or with a step of -1 the one before, round and round. */
export function rowAfter(at: number, step: 1 | -1, rows: number): number {
  return (at + step + rows) % Math.max(1, rows);
}
