/** What is wrong with a text as it is typed, and the pod that would be made of it. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo, useState } from "react";

import { call, getUnlessUnchanged } from "../api/client";
import { sentenceOf } from "../api/error-text";
import { previewOf } from "../api/preview";
import { isWorthWaiting, whileMissing } from "../api/retry";
import type { LaunchRequest, Preview } from "../api/types";
import { useSettled } from "../ui/useSettled";
import { checkedProblems, ownProblems, podBody, type YamlField } from "./check";
import type { PodSchema } from "./schema";

function usePodSchema() {
  return useQuery({
    queryKey: ["pod-schema"],
    queryFn: ({ signal }) => getUnlessUnchanged<PodSchema>("pod-schema", signal),
    staleTime: 60_000,
    retry: isWorthWaiting,
    refetchInterval: whileMissing,
  });
}

/** The policy's word, 300 ms after the last change; syntax and fields at once. */
export function useYamlCheck(text: string, field: YamlField, request: LaunchRequest) {
  const { data: schema = null } = usePodSchema();
  const written = useDeferredValue(text);
  const own = useMemo(() => ownProblems(written, field, schema), [written, field, schema]);
  const body = podBody(request, field, text);
  const asked = useSettled(body);
  const isAskable = own.length === 0 && asked === body;
  const preview = useQuery({
    ...previewOf(asked),
    enabled: isAskable,
    // Nobody may change the text again: a hub that was away for a moment is asked once more.
    retry: isWorthWaiting,
    refetchInterval: whileMissing,
    placeholderData: keepPreviousData,
  });
  const { data, error, isPlaceholderData } = preview;
  const isCurrent = isAskable && written === text && !isPlaceholderData && data !== undefined;
  const said = useMemo(
    () => (isCurrent ? checkedProblems(text, field, data) : []),
    [isCurrent, text, field, data],
  );
  const problems = own.length > 0 ? own : said;
  const pod = usePodBefore(data?.pod ?? null);
  return {
    schema,
    problems,
    pod,
    isPodCurrent: isCurrent && Boolean(data.pod),
    isCurrent: own.length > 0 || isCurrent,
    failure: error ? sentenceOf(error) : "",
  };
}

/** The pod of the choices without YAML, 300 ms after the last change of them. */
export function useDefaultPod(request: LaunchRequest, enabled: boolean) {
  const asked = useSettled(podBody(request, "pod_overrides", ""));
  return useQuery({
    ...previewOf(asked),
    enabled,
    retry: isWorthWaiting,
    refetchInterval: whileMissing,
  });
}

/** The server-side dry run: the cluster looks at the pod without making it. */
export function tryPod(request: LaunchRequest): Promise<Preview> {
  return call<Preview>("POST", "preview", { body: { ...request, dry_run: true } });
}

/** The last pod that could be made: it stays while there are problems. */
function usePodBefore(pod: Preview["pod"]): Preview["pod"] {
  const [kept, setKept] = useState(pod);
  if (pod && pod !== kept) setKept(pod);
  return pod ?? kept;
}
