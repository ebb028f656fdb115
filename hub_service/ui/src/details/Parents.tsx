/** Where a session comes from: "cloned from ‹a› ← restarted from ‹b›". */
import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";

import { call } from "../api/client";
import type { Session } from "../api/types";
import { keys } from "../live/cache";
import { texts } from "../texts";
import { LayerLink } from "../ui/LayerLink";
import { Text } from "../ui/Text";
import { paths } from "../url/routes";

const MOST = 5;

interface Parent {
  origin: Session["origin"];
  id: string;
  /** Null for one that is gone, or not the visitor's to see. */
  name: string | null;
}

export function Parents({ session }: { session: Session }) {
  const { data: parents = [] } = useQuery({
    queryKey: keys.parents(session.id),
    queryFn: () => loadParents(session),
    enabled: session.parent !== null,
    staleTime: Infinity,
  });
  if (parents.length === 0) return null;
  return (
    <p className="text-body-secondary">
      {parents.map(({ origin, id, name }, index) => (
        <Fragment key={id}>
          {index > 0 && " ← "}
          {texts.origin[origin]}{" "}
          {name === null ? (
            <code>{id}</code>
          ) : (
            <LayerLink to={paths.story(id)}>
              <Text>{name}</Text>
            </LayerLink>
          )}
        </Fragment>
      ))}
    </p>
  );
}

async function loadParents(session: Session): Promise<Parent[]> {
  const found: Parent[] = [];
  let { origin, parent } = session;
  while (parent !== null && found.length < MOST) {
    const id: string = parent;
    const one = await call<Session>("GET", `sessions/${id}`).catch(() => null);
    found.push({ origin, id, name: one?.name ?? null });
    origin = one?.origin ?? origin;
    parent = one?.parent ?? null;
  }
  return found;
}
