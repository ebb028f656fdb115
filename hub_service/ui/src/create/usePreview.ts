/** The service's own checks of the choices, 300 ms after the last change. */
import { keepPreviousData, useQuery, type QueryClient } from "@tanstack/react-query";

import { previewOf } from "../api/preview";
import type { LaunchRequest, Preview } from "../api/types";
import { useSettled } from "../ui/useSettled";

/** `body` is the request as JSON. */
export function usePreview(body: string, isAskable: boolean) {
  return useQuery({
    ...previewOf(useSettled(body)),
    enabled: isAskable,
    placeholderData: keepPreviousData,
  });
}

/** The checks of exactly this request, if they are known; they are asked anew meanwhile. */
export function knownPreview(client: QueryClient, request: LaunchRequest): Preview | undefined {
  const { queryKey } = previewOf(JSON.stringify(request));
  const known = client.getQueryData<Preview>(queryKey);
  void client.invalidateQueries({ queryKey });
  return known;
}
