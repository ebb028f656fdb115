/** Looking for words in a log: a field, how many there are, and the way from one to the next. */
import { texts } from "../texts";
import { Icon } from "../ui/Icon";

interface FindProps {
  wanted: string;
  current: number;
  count: number;
  onChange: (wanted: string) => void;
  onStep: (by: number) => void;
}

export function Find({ wanted, current, count, onChange, onStep }: FindProps) {
  return (
    <span className="log-find">
      <input
        type="search"
        className="form-control form-control-sm"
        aria-label={texts.logs.find}
        placeholder={texts.logs.find}
        value={wanted}
        onChange={({ target }) => {
          onChange(target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") onStep(event.shiftKey ? -1 : 1);
          // The first Esc empties the field, the next one closes the drawer.
          if (event.key !== "Escape" || !wanted) return;
          event.preventDefault();
          onChange("");
        }}
      />
      {wanted && (
        <>
          <span className="numbers small" aria-live="polite">
            {texts.logs.found(count === 0 ? 0 : current + 1, count)}
          </span>
          <Step label={texts.logs.previous} icon="sortUp" by={-1} count={count} onStep={onStep} />
          <Step label={texts.logs.next} icon="sortDown" by={1} count={count} onStep={onStep} />
        </>
      )}
    </span>
  );
}

interface StepProps {
  label: string;
  icon: "sortUp" | "sortDown";
  by: number;
  count: number;
  onStep: (by: number) => void;
}

function Step({ label, icon, by, count, onStep }: StepProps) {
  return (
    <button
      type="button"
      className="btn btn-icon"
      aria-label={label}
      title={label}
      disabled={count === 0}
      onClick={() => {
        onStep(by);
      }}
    >
      <Icon name={icon} />
    </button>
  );
}
