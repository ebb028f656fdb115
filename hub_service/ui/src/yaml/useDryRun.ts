/** The answer to [Check]: what the cluster says of this very text; another text is not checked. */
import { useMutation } from "@tanstack/react-query";

import { sentenceOf } from "../api/error-text";
import type { LaunchRequest, Preview } from "../api/types";
import { texts } from "../texts";
import { checkedProblems, withYaml, type YamlField } from "./check";
import type { Problem } from "./problem";
import { isTooLarge } from "./parse";
import { tryPod } from "./useYamlCheck";

interface DryRun {
  problems: Problem[];
  /** What is said when there is no problem; null when nothing was asked. */
  silence: string | null;
  isBusy: boolean;
  start: () => void;
}

export function useDryRun(text: string, field: YamlField, request: LaunchRequest): DryRun {
  const asked = withYaml(request, field, text);
  const run = useMutation<Preview, Error, LaunchRequest>({ mutationFn: tryPod });
  const isOfThis = JSON.stringify(run.variables) === JSON.stringify(asked);
  const start = () => {
    if (!run.isPending && !isTooLarge(text)) run.mutate(asked);
  };
  const problems = isOfThis && run.data ? checkedProblems(text, field, run.data) : [];
  let silence: string | null = null;
  if (run.isPending) silence = texts.yaml.checking;
  else if (isOfThis && run.error) silence = sentenceOf(run.error);
  else if (isOfThis && run.data) silence = run.data.pod ? texts.yaml.fine : texts.yaml.fineSoFar;
  return { problems, silence, isBusy: run.isPending, start };
}
