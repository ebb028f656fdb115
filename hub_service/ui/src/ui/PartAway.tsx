/** In place of a part of the page that could not be loaded. */
import { texts } from "../texts";

export function PartAway() {
  return (
    <div className="problem" role="alert">
      <span className="flex-grow-1">{texts.errors.partAway}</span>
      <button
        type="button"
        className="btn btn-sm btn-outline-secondary"
        onClick={() => {
          location.reload();
        }}
      >
        {texts.errors.reload}
      </button>
    </div>
  );
}
