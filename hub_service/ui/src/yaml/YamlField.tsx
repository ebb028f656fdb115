/** YAML of one's own in the form: the button and what it does, or the editor on a whole pod. */
import { useFormContext, useWatch } from "react-hook-form";

import { Message, useFieldIds } from "../create/fields/Field";
import { useFollowed } from "../create/followed";
import type { FormValues } from "../create/values";
import { texts } from "../texts";
import { LazyOwnSpec } from "./lazy";
import { SPEC_REASON, whyNoYaml } from "./may";
import { YamlChoice } from "./YamlChoice";

/** With `shouldValidate` what the service said of the text before goes. */
const CHANGED = { shouldDirty: true, shouldTouch: true, shouldValidate: true };

export function YamlField({ isOwnSpec }: { isOwnSpec: boolean }) {
  return isOwnSpec ? <SpecField /> : <OverridesField />;
}

function OverridesField() {
  const { control, setValue } = useFormContext<FormValues>();
  const text = useWatch({ control, name: "pod_overrides" }) ?? "";
  const written = useWatch({ control, name: "yaml_written" });
  const state = useFieldIds("pod_overrides");
  const { request, preview } = useFollowed();
  const keep = (unused: string | null) => {
    setValue("yaml_written", unused, CHANGED);
  };
  return (
    <div className="yaml-choice my-3">
      <YamlChoice
        text={text}
        written={written}
        request={request}
        preview={preview}
        isWrong={state.isWrong}
        onWrite={keep}
        onChange={(changed) => {
          keep(null);
          setValue("pod_overrides", changed === "" ? null : changed, CHANGED);
        }}
      />
      <TextMessage state={state} />
    </div>
  );
}

function SpecField() {
  const { control, setValue } = useFormContext<FormValues>();
  const text = useWatch({ control, name: "pod_spec" });
  const state = useFieldIds("pod_spec");
  const { request } = useFollowed();
  const reason = whyNoYaml();
  if (reason) {
    return (
      <p id={SPEC_REASON} className="yaml-choice" tabIndex={-1}>
        {reason}
      </p>
    );
  }
  return (
    <div className="yaml-choice" data-wrong={state.isWrong}>
      <LazyOwnSpec
        text={text ?? undefined}
        message={`${state.id}-message`}
        request={request}
        onChange={(changed) => {
          setValue("pod_spec", changed, CHANGED);
        }}
      />
      <TextMessage state={state} />
    </div>
  );
}

/** The message under the field, with its line where the service names one. */
function TextMessage({ state }: { state: ReturnType<typeof useFieldIds> }) {
  const { id, check } = state;
  const { line, message = state.message } = check ?? {};
  return (
    <Message
      id={id}
      message={line && message ? `${texts.yaml.line(line)}: ${message}` : message}
      check={check}
    />
  );
}
