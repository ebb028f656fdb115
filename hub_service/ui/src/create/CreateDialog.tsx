/** The dialog "New session" or "Clone of …": loads what the form starts from, then shows it. */
import { sentenceOf } from "../api/error-text";
import { useSession } from "../api/useSession";
import { texts } from "../texts";
import { closeLayer, useHere } from "../url/location";
import { Dialog } from "../ui/Dialog";
import { visible } from "../ui/visible";
import { CreateForm } from "./CreateForm";
import { useStartingPoint } from "./useStartingPoint";

export default function CreateDialog() {
  const { search } = useHere();
  const cloneId = new URLSearchParams(search).get("clone");
  return cloneId ? <CloneDialog search={search} id={cloneId} /> : <FormDialog search={search} />;
}

function CloneDialog({ search, id }: { search: string; id: string }) {
  const { data } = useSession(id);
  return <FormDialog search={search} clone={visible(data?.name ?? id)} />;
}

function FormDialog({ search, clone }: { search: string; clone?: string }) {
  const { point, error, startOver } = useStartingPoint(search);
  // Started from the defaults it is no clone any more.
  const isClone = clone !== undefined && (!point || point.clonedFrom !== null);
  const title = isClone ? texts.form.cloneTitle(clone) : texts.form.title;
  if (point) {
    return <CreateForm key={point.source} title={title} point={point} onStartOver={startOver} />;
  }
  return (
    <Dialog title={title} onClose={closeLayer} size="wide">
      <p>{error ? sentenceOf(error) : texts.details.loading}</p>
    </Dialog>
  );
}
