/** The gallery: the components of the page with typed examples instead of a service. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";

import { ActionsProvider } from "../actions/Actions";
import { keys } from "../live/cache";
import { NoticesProvider } from "../ui/Notices";
import { Gallery } from "./Gallery";
import "../style.css";

const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
client.setQueryData(keys.environments, [{ name: "python", title: "Python 3.12" }]);
client.setQueryData(keys.drives, []);

const theme = new URLSearchParams(location.search).get("theme");
document.documentElement.dataset.bsTheme = theme === "dark" ? "dark" : "light";

const root = document.getElementById("app");
if (root) {
  createRoot(root).render(
    <QueryClientProvider client={client}>
      <NoticesProvider>
        <ActionsProvider>
          <Gallery />
        </ActionsProvider>
      </NoticesProvider>
    </QueryClientProvider>,
  );
}
