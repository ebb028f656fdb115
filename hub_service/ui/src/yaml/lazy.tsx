/** The editor's chunk, loaded on demand only; the form is there without it. */
import { lazy, Suspense } from "react";

import { texts } from "../texts";
import type { OwnSpecProps } from "./OwnSpec";
import type { YamlDialogProps } from "./YamlDialog";

const Away = () => <p role="alert">{texts.yaml.away}</p>;
const LoadedDialog = lazy(() => import("./YamlDialog").catch(() => ({ default: Away })));
const LoadedSpec = lazy(() => import("./OwnSpec").catch(() => ({ default: Away })));

const loading = <p role="status">{texts.yaml.loading}</p>;

export function LazyYamlDialog(props: YamlDialogProps) {
  return (
    <Suspense fallback={loading}>
      <LoadedDialog {...props} />
    </Suspense>
  );
}

/** "From my own spec": the editor on `pod_spec`, in the form. */
export function LazyOwnSpec(props: OwnSpecProps) {
  return (
    <Suspense fallback={loading}>
      <LoadedSpec {...props} />
    </Suspense>
  );
}
