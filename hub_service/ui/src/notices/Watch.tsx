/** Watches over the visitor's sessions: the stop bar, reminders, what is told outside. */
import { StopBar } from "./StopBar";
import { useDue } from "./useDue";
import { useForeignWorker } from "./useForeignWorker";
import { useRemember } from "./useReminders";

export function Watch() {
  const { sessions, due, letStop } = useDue();
  useRemember(sessions);
  useForeignWorker();
  return due.length > 0 && <StopBar due={due} sessions={sessions} letStop={letStop} />;
}
