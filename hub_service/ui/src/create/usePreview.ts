/** The service's own checks of the choices, 300 ms after the last change. */
import { keepPreviousData, useQuery, type QueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { call } from "../api/client";
import type { LaunchRequest, Preview } from "../api/types";

const WAIT = 300;

/** `body` is the request as JSON. */
export function usePreview(body: string, isAskable: boolean) {
  const asked = useSettled(body);
  return useQuery({
    queryKey: ["preview", asked],
    // An older call is given up as soon as the next one starts.
    queryFn: ({ signal }) =>
      call<Preview>("POST", "preview", { body: JSON.parse(asked) as unknown, signal }),
    enabled: isAskable,
    placeholderData: keepPreviousData,
    staleTime: 5000,
    gcTime: 10_000,
    retry: false,
    refetchOnWindowFocus: false,
  });
}

/** The checks of exactly this request, if they are known; they are asked anew meanwhile. */
export function knownPreview(client: QueryClient, request: LaunchRequest): Preview | undefined {
  const queryKey = ["preview", JSON.stringify(request)];
  const known = client.getQueryData<Preview>(queryKey);
  void client.invalidateQueries({ queryKey });
  return known;
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
