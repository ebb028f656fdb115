/** The editor's chunk, loaded on demand only; the form is there without it. */
import { lazily } from "../ui/lazily";
import type { OwnSpecProps } from "./OwnSpec";
import type { YamlDialogProps } from "./YamlDialog";

export const LazyYamlDialog = lazily<YamlDialogProps>(() =>
  import("./YamlDialog").then((part) => part.default),
);

/** "From my own spec": the editor on `pod_spec`, in the form. */
export const LazyOwnSpec = lazily<OwnSpecProps>(() =>
  import("./OwnSpec").then((part) => part.default),
);
