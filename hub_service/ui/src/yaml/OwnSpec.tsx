/** "From my own spec": the editor on a whole pod, begun with that of the form's choices. */
import { useEffect, useEffectEvent, type ReactNode } from "react";

import { sentenceOf } from "../api/error-text";
import type { LaunchRequest } from "../api/types";
import { texts } from "../texts";
import { useDefaultPod } from "./useYamlCheck";
import { YamlPanel } from "./YamlPanel";

export interface OwnSpecProps {
  /** Undefined until the editor is filled. */
  text: string | undefined;
  /** The id of the message at the editor. */
  message: string;
  request: LaunchRequest;
  onChange: (text: string) => void;
}

export default function OwnSpec({ text, message, request, onChange }: OwnSpecProps): ReactNode {
  const isEmpty = text === undefined;
  const { data, error } = useDefaultPod(request, isEmpty);
  const start = data?.pod?.editable_yaml;
  const fill = useEffectEvent(onChange);
  useEffect(() => {
    if (isEmpty && start !== undefined) fill(start);
  }, [isEmpty, start]);
  if (text !== undefined) {
    return (
      <YamlPanel
        field="pod_spec"
        text={text}
        describedBy={message}
        request={request}
        onChange={onChange}
      />
    );
  }
  if (error) return <p>{sentenceOf(error)}</p>;
  if (!data) return <p>{texts.yaml.loading}</p>;
  return (
    <ul>
      {data.checks.map(({ message }) => (
        <li key={message}>{message}</li>
      ))}
    </ul>
  );
}
