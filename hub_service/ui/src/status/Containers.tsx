/** The containers of a session in a cluster: name, state, restarts and image of each. */
import type { SeenContainer } from "../api/types";
import { texts } from "../texts";
import { Text } from "../ui/Text";

export function Containers({ containers }: { containers: readonly SeenContainer[] }) {
  return (
    <ul className="list-unstyled" aria-label={texts.status.containers}>
      {containers.map((one) => (
        <li key={one.name} className="mb-1 text-break">
          <strong>
            <Text>{one.name}</Text>
          </strong>{" "}
          <span>
            <Text>{stateWords(one)}</Text>
          </span>
          {one.image && (
            <small className="d-block text-body-secondary">
              <Text>{one.image}</Text>
            </small>
          )}
        </li>
      ))}
    </ul>
  );
}

function stateWords({ state, reason, ready, restarts = 0 }: SeenContainer): string {
  const word = reason
    ? `${texts.status.containerState[state]} (${reason})`
    : texts.status.containerState[state];
  const isReady = ready ? texts.status.containerReady : "";
  return [word, isReady, texts.status.restarts(restarts)].filter(Boolean).join(" · ");
}
