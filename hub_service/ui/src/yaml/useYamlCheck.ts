/** What is wrong with a text as it is typed, and the pod that would be made of it. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useMemo, useState } from "react";

import { call, getUnlessUnchanged } from "../api/client";
import { sentenceOf } from "../api/error-text";
import type { LaunchRequest, Preview } from "../api/types";
import { checkedProblems, ownProblems, withYaml, type YamlField } from "./check";
import type { PodSchema } from "./schema";

const WAIT = 300;

export function usePodSchema() {
  return useQuery({
    queryKey: ["pod-schema"],
    queryFn: ({ signal }) => getUnlessUnchanged<PodSchema>("pod-schema", signal),
    staleTime: 60_000,
  });
}

/** The policy's word, 300 ms after the last change; syntax and fields at once. */
export function useYamlCheck(text: string, field: YamlField, request: LaunchRequest) {
  const { data: schema = null } = usePodSchema();
  const written = useDeferredValue(text);
  const own = useMemo(() => ownProblems(written, field, schema), [written, field, schema]);
  const asked = useSettled(text);
  const isAskable = own.length === 0 && asked === text;
  const preview = useQuery({
    ...previewOf(withYaml(request, field, asked), { pod: true }),
    enabled: isAskable,
    placeholderData: keepPreviousData,
  });
  const { data, error, isPlaceholderData } = preview;
  const isCurrent = isAskable && written === text && !isPlaceholderData && data !== undefined;
  const said = useMemo(
    () => (isCurrent ? checkedProblems(asked, field, data) : []),
    [isCurrent, asked, field, data],
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

/** The pod of the choices without YAML. */
export function useDefaultPod(request: LaunchRequest) {
  return useQuery(previewOf(withYaml(request, "pod_overrides", ""), { pod: true }));
}

/** The server-side dry run: the cluster looks at the pod without making it. */
export function tryPod(request: LaunchRequest): Promise<Preview> {
  return call<Preview>("POST", "preview", { body: { ...request, dry_run: true } });
}

function previewOf(request: LaunchRequest, flags: { pod: boolean }) {
  const body = { ...request, ...flags };
  return {
    queryKey: ["preview", JSON.stringify(body)],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      call<Preview>("POST", "preview", { body, signal }),
    staleTime: 5000,
    gcTime: 10_000,
    retry: false,
    refetchOnWindowFocus: false,
  };
}

/** The last pod that could be made: it stays while there are problems. */
function usePodBefore(pod: Preview["pod"]): Preview["pod"] {
  const [kept, setKept] = useState(pod);
  if (pod && pod !== kept) setKept(pod);
  return pod ?? kept;
}

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => {
      setSettled(value);
    }, WAIT);
    return () => {
      window.clearTimeout(timer);
    };
  }, [value]);
  return settled;
}
