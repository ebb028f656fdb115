/** The gallery's first page: all states by screen, and one of them in both themes and three widths. */
import { createRoot } from "react-dom/client";

import type { State } from "./state";
import { SCREENS, stateCalled } from "./states";
import "./gallery.css";

const THEMES = ["light", "dark"] as const;
const WINDOWS = [
  [360, 740],
  [800, 900],
  [1280, 800],
] as const;

const looked = new URLSearchParams(location.search).get("look");
const root = document.getElementById("app");
if (root) createRoot(root).render(<Index state={stateCalled(looked ?? "")} />);
document.documentElement.dataset.gallery = "ready";

function Index({ state }: { state: State | undefined }) {
  return (
    <div className="gallery">
      <nav aria-label="States">
        <h1 className="h4">Gallery</h1>
        {Object.entries(SCREENS).map(([screen, states]) => (
          <section key={screen}>
            <h2 className="h6">{screen}</h2>
            <ul className="list-unstyled small">
              {states.map(({ name }) => (
                <li key={name}>
                  <a
                    href={`?look=${name}`}
                    aria-current={name === state?.name ? "page" : undefined}
                  >
                    {name}
                  </a>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </nav>
      <main aria-label="State">
        {state ? <Looked state={state} /> : <p>Choose a state to look at.</p>}
      </main>
    </div>
  );
}

function Looked({ state }: { state: State }) {
  return THEMES.flatMap((theme) =>
    WINDOWS.map(([width, height]) => {
      const address = `?state=${state.name}&theme=${theme}`;
      return (
        <figure key={theme + String(width)}>
          <figcaption className="small">
            <a href={address} target="_blank" rel="noreferrer">
              {theme}, {width} px
            </a>
          </figcaption>
          <iframe
            src={address}
            title={`${state.name}, ${theme}, ${width} px`}
            width={width}
            height={height}
          />
        </figure>
      );
    }),
  );
}
