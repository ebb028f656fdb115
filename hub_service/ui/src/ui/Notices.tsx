/** What the page tells: toasts with at most one button, and the polite live region "Messages". */
import {
  createContext,
  use,
  useCallback,
  useEffect,
  useMemo,
  useState,
  type ReactNode,
} from "react";
import { createPortal } from "react-dom";

import { serverNow } from "../boot/boot";
import { texts } from "../texts";
import { Icon } from "./Icon";
import { useTopLayer } from "./layers";
import { isKept, mergeNotice, type Notice, type NoticeAction } from "./notice-log";
import { makeSpeaker } from "./speaker";

export type { NoticeAction } from "./notice-log";

interface NoticeOptions {
  action?: NoticeAction | null;
  tone?: "plain" | "error";
  /** What it is about: it takes the place of an earlier notice about the same. */
  subject?: string;
  /** It is not the answer to what the visitor did: the bell counts it until it is seen. */
  isNews?: boolean;
}

interface Notices {
  /** Show a toast and tell it to screen readers. */
  say: (text: string, options?: NoticeOptions) => void;
  /** Tell screen readers only; `many` says several such at once. */
  announce: (text: string, many?: (count: number) => string) => void;
}

interface NoticeLog {
  /** The last notices of this tab, oldest first. */
  log: readonly Notice[];
  /** The newest notice that was seen; `see` says that another one was. */
  seen: number;
  see: (id: number) => void;
}

const NoticesContext = createContext<Notices | null>(null);
const LogContext = createContext<NoticeLog>({ log: [], seen: 0, see: () => undefined });
const MOST_TOASTS = 4;
let lastId = 0;

export function NoticesProvider({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<Notice[]>([]);
  const [log, setLog] = useState<Notice[]>([]);
  const [seen, see] = useState(0);
  const [spoken, setSpoken] = useState("");
  const [speak] = useState(() => makeSpeaker(setSpoken));
  const say = useCallback<Notices["say"]>(
    (text, { action = null, tone = "plain", subject = text, isNews = false } = {}) => {
      lastId += 1;
      const notice = { id: lastId, text, tone, action, subject, at: serverNow(), isNews };
      setNotices((all) => mergeNotice(all, notice, MOST_TOASTS));
      if (isKept(notice)) setLog((all) => mergeNotice(all, notice));
      speak({ text });
    },
    [speak],
  );
  const announce = useCallback<Notices["announce"]>(
    (text, many) => {
      speak({ text, many });
    },
    [speak],
  );
  const drop = useCallback((id: number) => {
    setNotices((all) => all.filter((notice) => notice.id !== id));
  }, []);
  const value = useMemo(() => ({ say, announce }), [say, announce]);
  const told = useMemo(() => ({ log, seen, see }), [log, seen]);
  return (
    <NoticesContext value={value}>
      <LogContext value={told}>{children}</LogContext>
      <Told spoken={spoken} notices={notices} drop={drop} />
    </NoticesContext>
  );
}

interface ToldProps {
  spoken: string;
  notices: Notice[];
  drop: (id: number) => void;
}

/** Inside an open dialog: what is outside of it can neither be clicked nor heard. */
function Told({ spoken, notices, drop }: ToldProps) {
  return createPortal(
    <>
      <div role="status" aria-label={texts.messages} className="visually-hidden">
        {spoken}
      </div>
      {notices.length > 0 && (
        <section className="toasts" aria-label={texts.notices}>
          {notices.map((notice) => (
            <Toast key={notice.id} notice={notice} drop={drop} />
          ))}
        </section>
      )}
    </>,
    useTopLayer(),
  );
}

export function useNotices(): Notices {
  const notices = use(NoticesContext);
  if (!notices) throw new Error("useNotices needs a NoticesProvider.");
  return notices;
}

export function useNoticeLog(): NoticeLog {
  return use(LogContext);
}

function Toast({ notice, drop }: { notice: Notice; drop: (id: number) => void }) {
  const [isPointedAt, setIsPointedAt] = useState(false);
  const [isFocused, setIsFocused] = useState(false);
  const isHeld = isPointedAt || isFocused;
  const { id, text, tone, action } = notice;
  useEffect(() => {
    if (isHeld) return;
    const timer = window.setTimeout(
      () => {
        drop(id);
      },
      action || tone === "error" ? 20_000 : 6000,
    );
    return () => {
      window.clearTimeout(timer);
    };
  }, [id, action, tone, isHeld, drop]);
  return (
    <div
      className={`notice ${tone === "error" ? "notice-error" : ""}`}
      onPointerEnter={() => {
        setIsPointedAt(true);
      }}
      onPointerLeave={() => {
        setIsPointedAt(false);
      }}
      onFocus={() => {
        setIsFocused(true);
      }}
      onBlur={() => {
        setIsFocused(false);
      }}
    >
      {tone === "error" && <Icon name="warn" />}
      <span className="flex-grow-1">{text}</span>
      {action && (
        <button
          type="button"
          className="btn btn-sm btn-outline-secondary"
          onClick={() => {
            drop(id);
            action.run();
          }}
        >
          {action.label}
        </button>
      )}
      <button
        type="button"
        className="btn btn-sm btn-icon"
        onClick={() => {
          drop(id);
        }}
      >
        <Icon name="close" />
        <span className="visually-hidden">{texts.close}</span>
      </button>
    </div>
  );
}
