/** The page starts here: the query cache, the screens, and the guard against foreign workers. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";

import { App } from "./App";
import { Fault } from "./Fault";
import { isBooted } from "./boot/boot";
import { dropDraftsAtLogout } from "./boot/logout";
import { NotYet } from "./boot/NotYet";
import { leaveForeignWorker } from "./boot/worker";
import { REFRESH } from "./live/pause";
import "./styles";

void leaveForeignWorker();
dropDraftsAtLogout();

const client = new QueryClient({
  defaultOptions: { queries: { staleTime: 10_000, gcTime: 300_000, ...REFRESH } },
});

const root = document.getElementById("app");
if (root) {
  createRoot(root).render(
    <Fault>
      <QueryClientProvider client={client}>{isBooted ? <App /> : <NotYet />}</QueryClientProvider>
    </Fault>,
  );
}
