/** The service's own checks of the choices, 300 ms after the last change. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { call } from "../api/client";
import type { LaunchRequest, Preview } from "../api/types";

const WAIT = 300;

export function usePreview(request: LaunchRequest, isAskable: boolean) {
  const wanted = JSON.stringify(request);
  const asked = useSettled(wanted);
  const preview = useQuery({
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
  const { isPlaceholderData, isFetching } = preview;
  // Whether the checks are about what stands in the form now.
  const isCurrent = asked === wanted && isAskable && !isPlaceholderData && !isFetching;
  return { preview, isCurrent };
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
