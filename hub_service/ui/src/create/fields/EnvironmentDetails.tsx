/** What an environment is made of, for whoever wants to know. */
import type { Environment } from "../../api/types";
import { sizeWords } from "../../list/words";
import { texts } from "../../texts";
import { presetWords } from "../presets";
import { Text } from "../../ui/Text";
import { visible } from "../../ui/visible";

export function EnvironmentDetails({ environment }: { environment: Environment }) {
  const { image, resources, doors, choices, idle_default: idle, title } = environment;
  const names = doors.flatMap((door) =>
    door === "lab" || door === "code" || door === "shell" ? texts.doors[door] : [],
  );
  const facts: [string, string][] = [
    [texts.details.image, image ?? ""],
    [texts.form.size, sizeWords(resources.default)],
    [texts.columns.access, names.join(", ")],
    [texts.form.idle, presetWords(idle)],
    ...choices.map(({ title: option, values }): [string, string] => [
      option,
      Object.values(values).join(", "),
    ]),
  ];
  return (
    <details className="small">
      <summary aria-label={texts.form.environmentDetails(visible(title))}>
        {texts.form.details}
      </summary>
      <dl className="mb-0">
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>
                  <Text>{name}</Text>
                </dt>
                <dd className="mb-1">
                  <Text>{value}</Text>
                </dd>
              </div>
            ),
        )}
      </dl>
    </details>
  );
}
