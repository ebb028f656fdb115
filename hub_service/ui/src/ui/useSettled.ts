/** A value once it has not changed for a moment. */
import { useEffect, useState } from "react";

const WAIT = 300;

export function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => {
      setSettled(value);
    }, WAIT);
    return () => {
      window.clearTimeout(timer);
    };
  }, [value]);
  return settled;
}
