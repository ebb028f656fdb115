/** What follows the form's values, for the summary and whatever else shows it. */
import { createContext, use } from "react";

import type { Environment, LaunchRequest } from "../api/types";
import type { Asked } from "./asked";
import type { FormValues } from "./values";

export interface Followed extends Asked {
  /** A moment behind the fields while somebody types. */
  values: FormValues;
  request: LaunchRequest;
  environment: Environment | undefined;
}

export const FollowedContext = createContext<Followed | null>(null);

export function useFollowed(): Followed {
  const followed = use(FollowedContext);
  if (!followed) throw new Error("useFollowed needs Followers.");
  return followed;
}
