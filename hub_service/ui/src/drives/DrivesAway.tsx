/** In place of the drives when their part of the page could not be loaded. */
import { texts } from "../texts";
import { hrefOf } from "../url/location";

export function DrivesAway() {
  return (
    <main id="sessions" tabIndex={-1} aria-label={texts.title} className="container">
      <h1 className="h3">{texts.title}</h1>
      <p>{texts.errors.unexpected}</p>
      <a href={hrefOf("")}>{texts.open.toList}</a>
    </main>
  );
}
