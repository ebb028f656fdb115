/** The name in the drawer, and its change in place: Enter saves, Esc gives up. */
import { useState } from "react";

import type { Session } from "../api/types";
import { texts } from "../texts";
import { replaceLayer } from "../url/location";
import { paths } from "../url/routes";
import { Icon } from "../ui/Icon";
import { Text } from "../ui/Text";
import { visible } from "../ui/visible";
import { useChange } from "./useChange";

export function Rename({ session }: { session: Session }) {
  const isAsked = new URLSearchParams(location.search).has("rename");
  const mayRename = session.allowed.rename === true;
  const [typed, setTyped] = useState<string | null>(isAsked && mayRename ? session.name : null);
  const { mutate: change, isPending } = useChange();
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
        if (name && name !== session.name) change({ id: session.id, session, change: { name } });
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
