/** Shown while the service waits for the hub's settings; the page comes by itself. */
import { useEffect } from "react";

import { call } from "../api/client";
import { texts } from "../texts";

export function NotYet() {
  useEffect(() => {
    const timer = window.setInterval(() => {
      call("GET", "me").then(
        () => {
          location.reload();
        },
        () => undefined,
      );
    }, 2000);
    return () => {
      window.clearInterval(timer);
    };
  }, []);
  return (
    <main id="sessions" tabIndex={-1} aria-label={texts.title} className="container">
      <h1 className="h3">{texts.title}</h1>
      <p>{texts.errors.hubAway}</p>
    </main>
  );
}
