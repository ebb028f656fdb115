/** The service's word on a launch request; the same request is asked once, an older one given up. */
import { call } from "./client";
import type { Preview } from "./types";

/** The query for a body, which is a launch request with the flags of a preview, as JSON. */
export function previewOf(body: string) {
  return {
    queryKey: ["preview", body],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      call<Preview>("POST", "preview", { body: JSON.parse(body) as unknown, signal }),
    staleTime: 5000,
    gcTime: 10_000,
    retry: false,
    refetchOnWindowFocus: false,
  };
}
