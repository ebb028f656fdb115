/** The values of a filter; pure. */
export interface Choice {
  value: string;
  label: string;
}

/**
 * What is offered first, then what only the rows have: a retired environment, somebody else's
 * drive. Null while it is not known what is offered.
 */
export function choicesFrom(offered: Choice[] | undefined, found: Choice[]): Choice[] | null {
  if (!offered) return null;
  const byValue = new Map<string, Choice>();
  for (const choice of [...offered, ...found]) {
    if (!byValue.has(choice.value)) byValue.set(choice.value, choice);
  }
  return [...byValue.values()];
}
