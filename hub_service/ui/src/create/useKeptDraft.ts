/** Keeps what is typed as a draft, and drops it when everything is as at the beginning. */
import { useEffect, useMemo } from "react";
import type { UseFormReturn } from "react-hook-form";

import type { StartingPoint } from "./beginning";
import { draftLater, dropDraft, keepDraft } from "./draft";
import { changedSince } from "./draft-text";
import type { FormValues } from "./values";

export function useKeptDraft(
  { subscribe }: UseFormReturn<FormValues>,
  { values: beginning, source, isDraft }: StartingPoint,
): void {
  const isChanged = useMemo(() => changedSince(beginning), [beginning]);
  useEffect(
    () =>
      // In the form's own news: nothing typed is lost, whenever the page goes away.
      subscribe({
        formState: { values: true },
        callback: ({ values }) => {
          draftLater.run(() => {
            if (isChanged(values) || isDraft) keepDraft({ values, source });
            else dropDraft(source);
          });
        },
      }),
    [subscribe, isChanged, isDraft, source],
  );
  useEffect(() => {
    window.addEventListener("pagehide", draftLater.now);
    return () => {
      window.removeEventListener("pagehide", draftLater.now);
      draftLater.now();
    };
  }, []);
}
