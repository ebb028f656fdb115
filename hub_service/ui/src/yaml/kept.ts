/** Whether YAML may lie in this browser's storage: not with values of variables in it; pure. */
export function mayBeKept(yaml: string): boolean {
  return !/(^|[\s{,"'])value["']?\s*:/.test(yaml);
}
