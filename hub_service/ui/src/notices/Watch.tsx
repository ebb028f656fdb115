/** Watches over the visitor's sessions: the stop bar, reminders, and what is told outside. */
import { useRemember } from "./useReminders";
import { StopBar } from "./StopBar";
import { useDue } from "./useDue";

export function Watch() {
  const { sessions, due, letStop } = useDue();
  useRemember(sessions);
  return due.length > 0 && <StopBar due={due} sessions={sessions} letStop={letStop} />;
}
