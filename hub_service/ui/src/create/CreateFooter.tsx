/** The buttons of the form: the call, open when ready, cancel, create. */
import { texts } from "../texts";
import { closeLayer } from "../url/location";
import { remember, usePreferences } from "../ui/preferences";

interface CreateFooterProps {
  formId: string;
  isBusy: boolean;
  isCallShown: boolean;
  onToggleCall: () => void;
}

export function CreateFooter({ formId, isBusy, isCallShown, onToggleCall }: CreateFooterProps) {
  const { openWhenReady } = usePreferences();
  return (
    <>
      <button
        type="button"
        className="btn btn-outline-secondary"
        aria-expanded={isCallShown}
        aria-controls={isCallShown ? "form-call" : undefined}
        onClick={onToggleCall}
      >
        {texts.form.showCall}
      </button>
      <label className="form-check me-auto mb-0">
        <input
          type="checkbox"
          className="form-check-input"
          checked={openWhenReady}
          onChange={(event) => {
            remember({ openWhenReady: event.target.checked });
          }}
        />
        <span className="form-check-label">{texts.form.openWhenReady}</span>
      </label>
      <button type="button" className="btn btn-outline-secondary" onClick={closeLayer}>
        {texts.cancel}
      </button>
      <button
        type="submit"
        form={formId}
        className={`btn btn-primary ${isBusy ? "disabled" : ""}`}
        data-confirm
        aria-busy={isBusy}
        aria-disabled={isBusy}
      >
        {isBusy ? texts.form.creating : texts.form.create}
      </button>
    </>
  );
}
