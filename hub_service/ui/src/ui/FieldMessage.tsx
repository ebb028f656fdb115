/** What is wrong with a field: it stands there, described by it, and screen readers hear it come. */
import { useEffect } from "react";

import { useNotices } from "./Notices";

interface FieldMessageProps {
  /** What the field's `aria-describedby` names. */
  id?: string;
  /** "" for none. */
  message: string;
  className?: string;
}

export function FieldMessage({ id, message, className = "" }: FieldMessageProps) {
  const { announce } = useNotices();
  useEffect(() => {
    if (message) announce(message);
  }, [message, announce]);
  return (
    <div id={id} className={`field-message ${className}`}>
      {message}
    </div>
  );
}
