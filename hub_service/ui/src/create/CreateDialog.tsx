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
  return <FormDialog search={search} title={texts.form.cloneTitle(visible(data?.name ?? id))} />;
}

function FormDialog({ search, title = texts.form.title }: { search: string; title?: string }) {
  const { point, error, startOver, isFresh } = useStartingPoint(search);
  if (point) {
    return (
      <CreateForm
        key={String(isFresh)}
        title={title}
        point={point}
        onStartOver={isFresh ? null : startOver}
      />
    );
  }
  return (
    <Dialog title={title} onClose={closeLayer} size="wide">
      <p>{error ? sentenceOf(error) : texts.details.loading}</p>
    </Dialog>
  );
}
