/** A button with a menu in the top layer (`popover`), after the ARIA menu pattern. */
import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { flushSync } from "react-dom";

import { useKeptBelow } from "./place";

export interface MenuItem {
  label: string;
  run: () => void;
  /** Why the item cannot be used now; it is shown disabled with this sentence. */
  reason?: string | undefined;
  note?: string | undefined;
  tone?: "danger";
  /** Draws a line above the item. */
  line?: boolean;
}

interface MenuProps {
  label: string;
  items: MenuItem[];
  children: ReactNode;
  className?: string;
  isBusy?: boolean;
}

export function Menu({ label, items, children, className = "btn btn-icon", isBusy }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const { keep, letGo } = useKeptBelow();
  // What was offered when the menu opened: nothing changes under the pointer or the focus.
  const [offered, setOffered] = useState<MenuItem[] | null>(null);
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={offered !== null}
        aria-busy={isBusy}
        popoverTarget={id}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown") return;
          event.preventDefault();
          list.current?.showPopover();
          // At once: the next key may come before the browser tells that the list is open.
          focusFirst(list.current);
        }}
      >
        {children}
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        className="menu"
        onKeyDown={(event) => {
          moveFocus(event, list.current);
        }}
        onBeforeToggle={(event) => {
          // The items have to be there before the list is placed and focused.
          if (event.newState !== "open") return;
          flushSync(() => {
            setOffered(items);
          });
        }}
        onToggle={(event) => {
          // They go only when it is closed, so that focus can return to the button.
          letGo();
          if (event.newState !== "open") setOffered(null);
          else if (button.current && list.current) {
            keep(list.current, button.current);
            focusFirst(list.current);
          }
        }}
      >
        {offered?.map((item) => (
          <Item key={item.label} item={item} menu={list} />
        ))}
      </div>
    </>
  );
}

function Item({ item, menu }: { item: MenuItem; menu: React.RefObject<HTMLDivElement | null> }) {
  const { label, run, reason, note, tone, line } = item;
  const more = reason ?? note;
  return (
    <>
      {line && <hr className="dropdown-divider" />}
      <button
        type="button"
        role="menuitem"
        tabIndex={-1}
        className={`dropdown-item ${tone === "danger" ? "text-danger-emphasis" : ""}`}
        aria-disabled={reason !== undefined}
        onClick={() => {
          if (reason !== undefined) return;
          menu.current?.hidePopover();
          run();
        }}
      >
        {label}
        {more && <small className="d-block text-body-secondary text-wrap">{more}</small>}
      </button>
    </>
  );
}

const CHOICES = "[role=menuitem], [role=menuitemcheckbox], [role=menuitemradio]";

function choices(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>(CHOICES)];
}

/** Focus the first choice, unless one has the focus already. */
function focusFirst(menu: HTMLElement | null): void {
  if (menu && !menu.contains(document.activeElement)) choices(menu)[0]?.focus();
}

/** Arrows, Home, End and first letters move in a menu; Tab leaves it. */
function moveFocus(event: KeyboardEvent, menu: HTMLElement | null): void {
  if (!menu) return;
  const all = choices(menu);
  const at = all.indexOf(document.activeElement as HTMLElement);
  const to = targetOf(event.key, at, all);
  if (event.key === "Tab") menu.hidePopover();
  if (!to) return;
  event.preventDefault();
  event.stopPropagation();
  to.focus();
}

function targetOf(key: string, at: number, all: HTMLElement[]): HTMLElement | undefined {
  if (key === "ArrowDown") return all[(at + 1) % all.length];
  if (key === "ArrowUp") return all.at(at - 1 < 0 ? -1 : at - 1);
  if (key === "Home") return all[0];
  if (key === "End") return all.at(-1);
  if (key.length !== 1 || key === " ") return undefined;
  const letter = key.toLowerCase();
  const after = [...all.slice(at + 1), ...all.slice(0, at + 1)];
  return after.find((item) => item.textContent.trim().toLowerCase().startsWith(letter));
}
