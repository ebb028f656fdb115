/** The buttons of the form: open when ready, cancel, create. */
import type { ReactNode } from "react";

import { texts } from "../texts";
import { closeLayer } from "../url/location";
import { remember, usePreferences } from "../ui/preferences";

interface CreateFooterProps {
  formId: string;
  isBusy: boolean;
  /** The id of the sentence that says why nothing can be created. */
  reason: string | undefined;
  /** The button that shows the call, where there is room for it. */
  children: ReactNode;
}

export function CreateFooter({ formId, isBusy, reason, children }: CreateFooterProps) {
  const { openWhenReady } = usePreferences();
  return (
    <>
      {children}
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
        className={`btn btn-primary ${isBusy || reason ? "disabled" : ""}`}
        data-confirm
        aria-busy={isBusy}
        aria-disabled={isBusy || reason !== undefined}
        aria-describedby={reason}
      >
        {isBusy ? texts.form.creating : texts.form.create}
      </button>
    </>
  );
}
