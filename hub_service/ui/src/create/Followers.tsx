/**
 * What follows the form's values: the request, the service's checks, the summary. The fields draw
 * at once; all this comes right after, so that a key is on the screen before anything else is done.
 */
import { useDeferredValue, useState, type ReactNode } from "react";
import { useFormContext, useWatch } from "react-hook-form";

import type { Environment } from "../api/types";
import { CheckedContext, checkedFields, OverriddenContext } from "./checked";
import { FollowedContext } from "./followed";
import { toRequest } from "./request";
import { usePreview } from "./usePreview";
import type { FormValues } from "./values";

interface FollowersProps {
  environments: readonly Environment[];
  clonedFrom: string | null;
  children: ReactNode;
}

export function Followers({ environments, clonedFrom, children }: FollowersProps) {
  const { control } = useFormContext<FormValues>();
  const values = useDeferredValue(useWatch({ control }) as FormValues);
  const environment = environments.find(({ name }) => name === values.environment);
  const request = toRequest(values, clonedFrom, environment?.choices ?? []);
  const asked = usePreview(JSON.stringify(request));
  const checked = useStable(checkedFields(asked.preview, values));
  const overridden = useStable(asked.preview?.pod?.overrides ?? NONE);
  return (
    <FollowedContext value={{ values, request, environment, ...asked }}>
      <OverriddenContext value={overridden}>
        <CheckedContext value={checked}>{children}</CheckedContext>
      </OverriddenContext>
    </FollowedContext>
  );
}

const NONE: readonly string[] = [];

/** The same object as before while it says the same, so that what reads it is not drawn again. */
function useStable<T>(value: T): T {
  const [kept, keep] = useState(value);
  if (kept === value || JSON.stringify(kept) === JSON.stringify(value)) return kept;
  keep(value);
  return value;
}
