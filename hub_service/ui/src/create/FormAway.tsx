/** In place of the form when its part of the page could not be loaded. */
import { texts } from "../texts";
import { Dialog } from "../ui/Dialog";
import { closeLayer } from "../url/location";

export function FormAway() {
  return (
    <Dialog
      title={texts.form.title}
      onClose={closeLayer}
      footer={
        <button
          type="button"
          className="btn btn-primary"
          data-confirm
          onClick={() => {
            location.reload();
          }}
        >
          {texts.errors.reload}
        </button>
      }
    >
      <p>{texts.form.away}</p>
    </Dialog>
  );
}
