/** What is shown when the page itself has a fault: a sentence instead of nothing. */
import { Component, type ReactNode } from "react";

import { texts } from "./texts";

export class Fault extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render() {
    if (!this.state.isBroken) return this.props.children;
    return (
      <main id="sessions" aria-label={texts.title} className="container">
        <h1 className="h3">{texts.title}</h1>
        <p>{texts.errors.crashed}</p>
        <button
          type="button"
          className="btn btn-primary"
          onClick={() => {
            location.reload();
          }}
        >
          {texts.errors.reload}
        </button>
      </main>
    );
  }
}
