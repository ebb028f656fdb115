/** Whether somebody looks closely at the rows, so that none may come or move now. */

export const ROWS_ID = "session-rows";

export function isAttended(): boolean {
  const rows = document.getElementById(ROWS_ID);
  if (!rows) return false;
  return (
    rows.matches(":hover") ||
    rows.contains(document.activeElement) ||
    rows.querySelector("input:checked, [aria-expanded=true]") !== null ||
    document.querySelector("aside.drawer") !== null
  );
}
