/** What follows the form's values, for the summary and whatever else shows it. */
import { createContext, use } from "react";

import type { Environment, Preview } from "../api/types";
import type { FormValues } from "./values";

export interface Followed {
  /** A moment behind the fields while somebody types. */
  values: FormValues;
  environment: Environment | undefined;
  preview: Preview | undefined;
  isChecking: boolean;
  failure: Error | null;
}

export const FollowedContext = createContext<Followed | null>(null);

export function useFollowed(): Followed {
  const followed = use(FollowedContext);
  if (!followed) throw new Error("useFollowed needs Followers.");
  return followed;
}
