/** The bar above the rows when they cannot be kept up to date; the rows stay. */
import { ApiError } from "../api/client";
import { boot } from "../boot/boot";
import { newsAt } from "../live/Live";
import { texts } from "../texts";
import { Icon } from "../ui/Icon";
import { useIsOnline } from "../ui/online";

interface ProblemProps {
  reason: Error | null;
  at: number | undefined;
  onTry: () => void;
}

export function Problem({ reason, at, onTry }: ProblemProps) {
  const isOnline = useIsOnline();
  if (!isOnline) return <Bar text={texts.errors.offline(at ?? newsAt())} />;
  if (!reason) return null;
  const { status, id } = reason instanceof ApiError ? reason : { status: -1, id: "" };
  if (status === 401) {
    return (
      <Bar text={texts.errors.signedOut}>
        <SignIn />
      </Bar>
    );
  }
  if (status === 502 || status === 503) return <Bar text={texts.errors.hubAway} onTry={onTry} />;
  if (status === 0) return <Bar text={texts.errors.noAnswer} onTry={onTry} />;
  if (status === 422 || status === 400) return <Bar text={reason.message} />;
  const text = at ? texts.errors.refresh(id, at) : texts.errors.neverLoaded(id);
  return <Bar text={text} onTry={onTry} />;
}

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
  onTry?: () => void;
  children?: React.ReactNode;
}

function Bar({ text, onTry, children }: BarProps) {
  return (
    <div className="problem" role="group">
      <Icon name="warn" />
      <span className="flex-grow-1">{text}</span>
      {onTry && (
        <button type="button" className="btn btn-sm btn-outline-secondary" onClick={onTry}>
          {texts.errors.tryNow}
        </button>
      )}
      {children}
    </div>
  );
}
