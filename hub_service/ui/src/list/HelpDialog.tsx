/** The keys of the page, and the switch that turns them off. */
import { texts } from "../texts";
import { Dialog } from "../ui/Dialog";
import { remember, usePreferences } from "../ui/preferences";

export function HelpDialog({ onClose }: { onClose: () => void }) {
  const { shortcuts } = usePreferences();
  return (
    <Dialog title={texts.help.title} onClose={onClose} size="question">
      <dl className="keys">
        {texts.help.lines.map(([key, words]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <label className="form-check mb-0">
        <input
          type="checkbox"
          className="form-check-input"
          checked={shortcuts}
          onChange={(event) => {
            remember({ shortcuts: event.target.checked });
          }}
        />
        <span className="form-check-label">{texts.help.switch}</span>
      </label>
    </Dialog>
  );
}
