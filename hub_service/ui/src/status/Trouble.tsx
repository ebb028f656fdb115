/** What is in the way of a start that may still come through: a sign and the service's sentence. */
import type { Progress } from "../api/types";
import { Icon } from "../ui/Icon";
import { Text } from "../ui/Text";

export function Trouble({ of }: { of: Progress | null }) {
  if (!of?.trouble) return null;
  return (
    <span className="trouble">
      <Icon name="warn" />{" "}
      <span>
        <Text>{of.trouble}</Text>
      </span>
    </span>
  );
}
