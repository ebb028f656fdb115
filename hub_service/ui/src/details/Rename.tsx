/** The name in the drawer, and its change in place: Enter saves, Esc gives up. */
import { useEffect, useRef, useState } from "react";

import type { Session } from "../api/types";
import { texts } from "../texts";
import { Act } from "../ui/Act";
import { Icon } from "../ui/Icon";
import { useIsOnline } from "../ui/online";
import { Text } from "../ui/Text";
import { visible } from "../ui/visible";
import { replaceLayer, useHere } from "../url/location";
import { paths } from "../url/routes";
import { useChange } from "./useChange";

export function Rename({ session }: { session: Session }) {
  const isAsked = new URLSearchParams(useHere().search).has("rename");
  const [isOpen, setIsOpen] = useState(false);
  const { mutate: change, isPending } = useChange();
  const mayRename = session.allowed.rename === true;
  const isTyping = mayRename && (isOpen || isAsked);
  const pen = useRef<HTMLSpanElement>(null);
  const wasTyping = useRef(false);
  useEffect(() => {
    // The field took the focus with it.
    if (wasTyping.current && !isTyping && document.activeElement === document.body) {
      pen.current?.querySelector("button")?.focus();
    }
    wasTyping.current = isTyping;
  }, [isTyping]);
  const leave = () => {
    setIsOpen(false);
    // So that a reload does not ask again, and the menu can.
    if (isAsked) replaceLayer(paths.details(session.id));
  };
  if (isTyping) {
    const save = (name: string) => {
      leave();
      if (name && name !== session.name) change({ id: session.id, session, change: { name } });
    };
    return <NameField name={session.name} isBusy={isPending} onSave={save} onLeave={leave} />;
  }
  return (
    <>
      <Text>{session.name}</Text>
      {mayRename && (
        <span ref={pen}>
          <Act
            className="btn-icon btn-inline"
            label={texts.rename.button(visible(session.name))}
            onClick={() => {
              setIsOpen(true);
            }}
          >
            <Icon name="pen" />
          </Act>
        </span>
      )}
    </>
  );
}

interface NameFieldProps {
  name: string;
  isBusy: boolean;
  onSave: (name: string) => void;
  onLeave: () => void;
}

function NameField({ name, isBusy, onSave, onLeave }: NameFieldProps) {
  const [typed, setTyped] = useState(name);
  const isOnline = useIsOnline();
  return (
    <form
      className="rename"
      onSubmit={(event) => {
        event.preventDefault();
        if (isOnline && !isBusy) onSave(typed.trim());
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
          onLeave();
        }}
      />
      <Act type="submit" className="btn-sm btn-primary" isBusy={isBusy}>
        {texts.rename.save}
      </Act>
    </form>
  );
}
