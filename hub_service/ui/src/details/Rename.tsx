/** The name in the drawer, and its change in place: Enter saves, Esc gives up. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { patchSession } from "../actions/calls";
import { ApiError } from "../api/client";
import { sentenceOf } from "../api/error-text";
import type { Session } from "../api/types";
import { keys, takeSession } from "../live/cache";
import { texts } from "../texts";
import { replaceLayer } from "../url/location";
import { paths } from "../url/routes";
import { Icon } from "../ui/Icon";
import { useNotices } from "../ui/Notices";
import { Text } from "../ui/Text";
import { visible } from "../ui/visible";

export function Rename({ session }: { session: Session }) {
  const isAsked = new URLSearchParams(location.search).has("rename");
  const mayRename = session.allowed.rename === true;
  const [typed, setTyped] = useState<string | null>(isAsked && mayRename ? session.name : null);
  const { mutate: rename, isPending } = useRename();
  const leave = () => {
    setTyped(null);
    // So that a reload does not ask again, and the menu can.
    if (isAsked) replaceLayer(paths.details(session.id));
  };
  if (typed === null) {
    return (
      <>
        <Text>{session.name}</Text>
        {mayRename && (
          <button
            type="button"
            className="btn btn-icon btn-inline"
            aria-label={texts.rename.button(visible(session.name))}
            onClick={() => {
              setTyped(session.name);
            }}
          >
            <Icon name="pen" />
          </button>
        )}
      </>
    );
  }
  return (
    <form
      className="rename"
      onSubmit={(event) => {
        event.preventDefault();
        const name = typed.trim();
        leave();
        if (name && name !== session.name) rename({ session, name });
      }}
    >
      <input
        className="form-control form-control-sm"
        aria-label={texts.rename.field}
        maxLength={40}
        autoFocus
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          event.stopPropagation();
          leave();
        }}
      />
      <button type="submit" className="btn btn-sm btn-primary" disabled={isPending}>
        {texts.rename.save}
      </button>
    </form>
  );
}

function useRename() {
  const client = useQueryClient();
  const { say } = useNotices();
  const { mutate } = useMutation({ mutationFn: send, onSuccess: take, onError: tell });

  function take(renamed: Session, { session: before, isUndo = false }: RenameVariables) {
    takeSession(client, renamed);
    const run = () => {
      mutate({ session: renamed, name: before.name, isUndo: true });
    };
    const undo = isUndo ? {} : { action: { label: texts.undo, run } };
    say(texts.rename.renamed(renamed.name), undo);
  }

  function tell(error: Error, { session }: RenameVariables) {
    const isStale = error instanceof ApiError && error.status === 409;
    say(isStale ? texts.rename.changed : sentenceOf(error), { tone: "error" });
    if (isStale) void client.invalidateQueries({ queryKey: keys.session(session.id) });
  }

  return useMutation({ mutationKey: ["act"], mutationFn: send, onSuccess: take, onError: tell });
}

interface RenameVariables {
  session: Session;
  name: string;
  isUndo?: boolean;
}

function send({ session, name }: RenameVariables): Promise<Session> {
  return patchSession(session, { name });
}
