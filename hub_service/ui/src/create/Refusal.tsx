/** Why a session was not started; at the running limit, with what could be stopped. */
import { useEffect, useRef, type ReactNode } from "react";
import { useFormContext } from "react-hook-form";

import { ApiError } from "../api/client";
import { sentenceOf } from "../api/error-text";
import { SignIn } from "../list/Problem";
import { texts } from "../texts";
import { useNotices } from "../ui/Notices";
import { LeastUsed } from "./LeastUsed";
import { fieldOf, type FormValues } from "./values";

interface RefusalProps {
  error: Error | null;
  /** Why the call is tried again right now. */
  waiting: Error | null;
  isBusy: boolean;
}

export function Refusal({ error, waiting, isBusy }: RefusalProps) {
  const { getValues } = useFormContext<FormValues>();
  if (isBusy && waiting instanceof ApiError) {
    const { status, retryAfter } = waiting;
    const words = status === 429 ? texts.form.waiting(retryAfter ?? 2) : texts.errors.noAnswer;
    return <Box key="waiting" label={texts.form.creating} words={words} />;
  }
  if (!error) return null;
  const fields = error instanceof ApiError ? Object.keys(error.fields) : [];
  // A message that stands at its field is not said twice.
  if (fields.length > 0 && fields.every((path) => fieldOf(path, getValues()) !== null)) return null;
  const { code, status } = error instanceof ApiError ? error : { code: "", status: -1 };
  return (
    <Box
      key="refused"
      label={texts.form.notStarted}
      words={sentenceOf(error)}
      className="cause-failed"
    >
      {code === "limit" && <LeastUsed />}
      {status === 401 && <SignIn />}
    </Box>
  );
}

interface BoxProps {
  label: string;
  words: string;
  className?: string;
  children?: ReactNode;
}

/** It stands above the fields: whoever pressed Create further down hears it, and sees it come. */
function Box({ label, words, className = "", children }: BoxProps) {
  const { announce } = useNotices();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.scrollIntoView({ block: "nearest" });
    announce(words);
  }, [announce, words]);
  return (
    <div ref={box} role="group" aria-label={label} className={`cause ${className}`}>
      <p>{words}</p>
      {children}
    </div>
  );
}
