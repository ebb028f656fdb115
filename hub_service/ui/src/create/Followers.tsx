/**
 * What follows the form's values: the request, the service's checks, the summary. The fields draw
 * at once; all this comes right after, so that a key is on the screen before anything else is done.
 */
import { useDeferredValue, useMemo, useState, type ReactNode } from "react";
import { useFormContext, useWatch } from "react-hook-form";

import type { Environment } from "../api/types";
import { CheckedContext, checkedFields, OverriddenContext } from "./checked";
import { FollowedContext, type Followed } from "./followed";
import { toRequest } from "./request";
import { usePreview } from "./usePreview";
import type { FormValues } from "./values";

interface FollowersProps {
  environments: readonly Environment[];
  clonedFrom: string | null;
  /** While the form is sent nothing is asked besides. */
  isSending: boolean;
  children: ReactNode;
}

export function Followers({ environments, clonedFrom, isSending, children }: FollowersProps) {
  const { control } = useFormContext<FormValues>();
  const values = useDeferredValue(useWatch({ control }) as FormValues);
  // A key first draws its field with the values of before: then all this has to stay the same.
  const { environment, request, body } = useMemo(
    () => requestOf(values, clonedFrom, environments),
    [values, clonedFrom, environments],
  );
  const { preview, isCurrent, isChecking, failure } = usePreview(body, isSending);
  const checked = useStable(useMemo(() => checkedFields(preview, values), [preview, values]));
  const overridden = useStable(preview?.pod?.overrides ?? NONE);
  const followed = useMemo<Followed>(
    () => ({ values, request, environment, preview, isCurrent, isChecking, failure }),
    [values, request, environment, preview, isCurrent, isChecking, failure],
  );
  return (
    <FollowedContext value={followed}>
      <OverriddenContext value={overridden}>
        <CheckedContext value={checked}>{children}</CheckedContext>
      </OverriddenContext>
    </FollowedContext>
  );
}

function requestOf(
  values: FormValues,
  clonedFrom: string | null,
  environments: readonly Environment[],
) {
  const environment = environments.find(({ name }) => name === values.environment);
  const request = toRequest(values, clonedFrom, environment?.choices ?? []);
  return { environment, request, body: JSON.stringify(request) };
}

const NONE: readonly string[] = [];

/** The same object as before while it says the same, so that what reads it is not drawn again. */
function useStable<T>(value: T): T {
  const [kept, keep] = useState(value);
  if (kept === value || JSON.stringify(kept) === JSON.stringify(value)) return kept;
  keep(value);
  return value;
}
