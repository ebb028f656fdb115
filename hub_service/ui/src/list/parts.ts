/** Parts of the list that are not needed for its first rows, each in a file of its own. */
import { lazily } from "../ui/lazily";

export const HelpDialog = lazily(() => import("./HelpDialog").then((part) => part.HelpDialog));
export const ColumnChoices = lazily(() =>
  import("./ColumnChoices").then((part) => part.ColumnChoices),
);
export const BulkStopDialog = lazily(() =>
  import("../bulk/BulkStopDialog").then((part) => part.BulkStopDialog),
);
