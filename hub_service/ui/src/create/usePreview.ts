/** The service's own checks of the choices, 300 ms after the last change. */
import { keepPreviousData, useQuery, type QueryClient } from "@tanstack/react-query";

import { previewOf } from "../api/preview";
import type { LaunchRequest, Preview } from "../api/types";
import { useSettled } from "../ui/useSettled";
import { answerOf, questionOf, type Asked } from "./asked";

/** `body` is the request as JSON. While it is sent nothing is asked besides. */
export function usePreview(body: string, isSending: boolean): Asked {
  const settled = useSettled(body);
  const query = useQuery({ ...questionOf(settled, isSending), placeholderData: keepPreviousData });
  return answerOf(body, settled, query);
}

/** The checks of exactly this request, if they are known. */
export function knownPreview(client: QueryClient, request: LaunchRequest): Preview | undefined {
  return client.getQueryData<Preview>(previewOf(JSON.stringify(request)).queryKey);
}

/** After a refusal the checks are asked anew: what was in the way may be gone. */
export function askChecksAnew(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: PREVIEWS });
}

/** Before the form is sent: the service has better to do than an answer nobody waits for. */
export function leaveChecks(client: QueryClient): void {
  void client.cancelQueries({ queryKey: PREVIEWS });
}

const PREVIEWS = ["preview"];
