/** The bar above the rows when they cannot be kept up to date; the rows stay. */
import { ApiError } from "../api/client";
import { sentenceOf } from "../api/error-text";
import { boot } from "../boot/boot";
import { newsAt } from "../live/Live";
import { texts } from "../texts";
import { Icon } from "../ui/Icon";
import { useIsOnline } from "../ui/online";

interface ProblemProps {
  reason: Error | null;
  at: number | undefined;
  onTry: () => void;
  onClear?: () => void;
}

export function Problem({ reason, at, onTry, onClear }: ProblemProps) {
  const isOnline = useIsOnline();
  if (!isOnline) return <Bar text={texts.errors.offline(at ?? newsAt())} />;
  if (!reason) return null;
  const isApi = reason instanceof ApiError;
  const { status, id } = isApi ? reason : { status: -1, id: "" };
  if (status === 401) {
    return (
      <Bar text={texts.errors.signedOut}>
        <SignIn />
      </Bar>
    );
  }
  if (status === 502 || status === 503) return <Bar text={texts.errors.hubAway} onTry={onTry} />;
  if (status === 0) return <Bar text={texts.errors.noAnswer} onTry={onTry} />;
  // The same question would be answered the same: what can be changed is the question.
  if (isApi && REFUSALS.includes(status)) {
    return <Bar text={sentenceOf(reason)} label={texts.list.clearFilters} onTry={onClear} />;
  }
  const text = at ? texts.errors.refresh(id, at) : texts.errors.neverLoaded(id);
  return <Bar text={text} onTry={onTry} />;
}

const REFUSALS = [400, 403, 422];

/** To the sign-in, in a new tab: what is here stays. */
export function SignIn() {
  return (
    <a
      className="btn btn-sm btn-outline-secondary"
      href={boot.base_url}
      target="_blank"
      rel="noopener noreferrer"
    >
      {texts.errors.signIn}
    </a>
  );
}

interface BarProps {
  text: string;
  label?: string;
  onTry?: (() => void) | undefined;
  children?: React.ReactNode;
}

function Bar({ text, label = texts.errors.tryNow, onTry, children }: BarProps) {
  return (
    <div className="problem" role="group">
      <Icon name="warn" />
      <span className="flex-grow-1">{text}</span>
      {onTry && (
        <button type="button" className="btn btn-sm btn-outline-secondary" onClick={onTry}>
          {label}
        </button>
      )}
      {children}
    </div>
  );
}
