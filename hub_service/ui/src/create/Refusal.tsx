/** Why a session was not started; at the running limit, with what could be stopped. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, type ReactNode } from "react";
import { useFormContext } from "react-hook-form";

import { useActions } from "../actions/Actions";
import { ApiError, getUnlessUnchanged } from "../api/client";
import { sentenceOf } from "../api/error-text";
import type { Session, SessionPage } from "../api/types";
import { SignIn } from "../list/Problem";
import { texts } from "../texts";
import { visible } from "../ui/visible";
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
    return (
      <Box key="waiting" role="status">
        {words}
      </Box>
    );
  }
  if (!error) return null;
  const fields = error instanceof ApiError ? Object.keys(error.fields) : [];
  // A message that stands at its field is not said twice.
  if (fields.length > 0 && fields.every((path) => fieldOf(path, getValues()) !== null)) return null;
  const { code, status } = error instanceof ApiError ? error : { code: "", status: -1 };
  return (
    <Box key="refused" role="alert">
      <p>{sentenceOf(error)}</p>
      {code === "limit" && <LeastUsed />}
      {status === 401 && <SignIn />}
    </Box>
  );
}

/** It stands above the fields; whoever pressed Create further down sees it come. */
function Box({ role, children }: { role: "alert" | "status"; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.scrollIntoView({ block: "nearest" });
  }, []);
  return (
    <div ref={box} className={`cause ${role === "alert" ? "cause-failed" : ""}`} role={role}>
      {children}
    </div>
  );
}

/** The three sessions that were used least recently, each with a button that stops it. */
function LeastUsed() {
  const { stop } = useActions();
  const { data } = useQuery({
    queryKey: ["least-used"],
    queryFn: ({ signal }) =>
      getUnlessUnchanged<SessionPage>("sessions?tab=active&limit=100", signal),
    gcTime: 0,
  });
  const least = (data?.items ?? [])
    .filter((session) => session.state !== "stopping" && session.allowed.stop === true)
    .toSorted((a, b) => lastUse(a).localeCompare(lastUse(b)))
    .slice(0, 3);
  return (
    <div className="d-flex flex-wrap gap-2">
      <span>{texts.form.tooMany}</span>
      {least.map((session) => (
        <button
          key={session.id}
          type="button"
          className="btn btn-sm btn-outline-secondary"
          onClick={() => {
            stop(session);
          }}
        >
          {texts.form.stopOne(visible(session.name))}
        </button>
      ))}
    </div>
  );
}

function lastUse(session: Session): string {
  return session.idle?.last?.at ?? session.created_at;
}
