/** YAML of one's own in the form: the button and what it does, or the editor on a whole pod. */
import { useFormContext, useWatch } from "react-hook-form";

import { Message, useFieldIds } from "../create/fields/Field";
import { useFollowed } from "../create/followed";
import type { FormValues } from "../create/values";
import { texts } from "../texts";
import { LazyOwnSpec } from "./lazy";
import { whyNoYaml } from "./may";
import { YamlChoice } from "./YamlChoice";

const CHANGED = { shouldDirty: true, shouldTouch: true };

export function YamlField({ isOwnSpec }: { isOwnSpec: boolean }) {
  return isOwnSpec ? <SpecField /> : <OverridesField />;
}

function OverridesField() {
  const { control, setValue } = useFormContext<FormValues>();
  const text = useWatch({ control, name: "pod_overrides" }) ?? "";
  const state = useFieldIds("pod_overrides");
  const { request, preview } = useFollowed();
  const { line, message = state.message } = state.check ?? {};
  return (
    <div className="yaml-choice my-3">
      <YamlChoice
        text={text}
        request={request}
        preview={preview}
        isWrong={state.isWrong}
        onChange={(changed) => {
          setValue("pod_overrides", changed === "" ? null : changed, CHANGED);
        }}
      />
      <Message
        id={state.id}
        message={line && message ? `${texts.yaml.line(line)}: ${message}` : message}
        check={state.check}
      />
    </div>
  );
}

function SpecField() {
  const { control, setValue } = useFormContext<FormValues>();
  const text = useWatch({ control, name: "pod_spec" });
  const { request } = useFollowed();
  const reason = whyNoYaml();
  if (reason) return <p>{reason}</p>;
  return (
    <LazyOwnSpec
      text={text ?? undefined}
      request={request}
      onChange={(changed) => {
        setValue("pod_spec", changed, CHANGED);
      }}
    />
  );
}
