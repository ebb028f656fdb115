/** A typed table of what the service answers, route by route, and the defaults of all states. */
import type {
  BillingProject,
  ChronicleLine,
  Clone,
  Drive,
  Environment,
  Limits,
  Me,
  Preview,
  Session,
  SessionPage,
} from "../api/types";
import type * as api from "../api/schemas";
import { belongsTo } from "../live/fits";
import type { Tab } from "../url/routes";
import { DRIVES, ENVIRONMENTS, LIMITS, OFFERS, PREVIEW, STORY } from "./examples";

interface List<T> {
  items: T[];
}

export interface Routes {
  "GET me": Me;
  "GET sessions": SessionPage;
  "POST sessions": Session;
  "GET sessions/{id}": Session;
  "PATCH sessions/{id}": Session;
  "GET sessions/{id}/chronicle": List<ChronicleLine>;
  "GET sessions/{id}/clone": Clone;
  "GET sessions/{id}/logs": api.LogOut;
  "GET sessions/{id}/pod-spec": Plain;
  "GET pod-schema": object;
  "POST sessions/{id}/stop": Session;
  "POST sessions/{id}/restart": Session;
  "POST sessions/{id}/extend": Session;
  "GET environments": List<Environment>;
  "GET drives": List<Drive>;
  "POST drives": Drive;
  "GET drives/options": api.DriveOptions;
  "PATCH drives/{id}": Drive;
  "DELETE drives/{id}": Drive;
  "POST drives/{id}/restore": Drive;
  "GET limits": Limits;
  "POST preview": Preview;
  "GET secrets": List<api.SecretOut>;
  "GET service-accounts": List<api.OfferOut>;
  "GET cloud-sql": List<api.InstanceOut>;
  "GET billing-projects": List<BillingProject>;
}

export type Route = keyof Routes;

/** A refusal, or a failure: a status and the service's error. */
export class Refused {
  constructor(
    readonly status: number,
    readonly error: Record<string, unknown> = {},
    readonly retryAfter: number | null = null,
  ) {}
}

/** Stands for an answer that does not come: "never", or "cut" when the line is. */
export class Silent {
  constructor(readonly how: "never" | "cut") {}
}

/** An answer that is no JSON but text. */
export class Plain {
  constructor(readonly text: string) {}
}

export interface Asked {
  id: string;
  query: URLSearchParams;
  body: unknown;
}

type Given<T> = T | Refused | Silent;
type Answer<T> = Given<T> | ((asked: Asked) => Given<T>);
export type Answers = { [R in Route]?: Answer<Routes[R]> };

/** What is answered unless a state says otherwise. */
export function defaultsFor(me: Me, sessions: readonly Session[]): Answers {
  const one = ({ id }: Asked) =>
    sessions.find((session) => session.id === id) ??
    new Refused(404, { message: "There is no such session, or it is not yours to see." });
  return {
    "GET me": me,
    "GET sessions": ({ query }) => pageOf(sessions, query),
    "GET sessions/{id}": one,
    "PATCH sessions/{id}": one,
    "POST sessions/{id}/stop": one,
    "POST sessions/{id}/restart": one,
    "POST sessions/{id}/extend": one,
    "GET sessions/{id}/chronicle": { items: STORY },
    "GET environments": { items: ENVIRONMENTS },
    "GET drives": { items: DRIVES },
    "GET drives/options": {
      size: "10Gi",
      size_max: "100Gi",
      total_used: String(40 * 2 ** 30),
      total_max: "100Gi",
      grace_seconds: 7 * 86_400,
      storage_class: "standard",
      storage_classes: ["standard", "fast"],
    },
    "GET limits": LIMITS,
    "POST preview": PREVIEW,
    "GET sessions/{id}/pod-spec": new Plain("spec:\n  containers:\n  - name: notebook\n"),
    "GET pod-schema": { type: "object", properties: { spec: { type: "object" } } },
    "GET secrets": { items: OFFERS.secrets },
    "GET service-accounts": { items: OFFERS.accounts },
    "GET cloud-sql": { items: OFFERS.instances },
    "GET billing-projects": { items: [] },
  };
}

/** A page of a tab as the service would answer it; filters are left to the states that show them. */
export function pageOf(sessions: readonly Session[], query: URLSearchParams): SessionPage {
  const tab = (query.get("tab") ?? "active") as Tab;
  const limit = Number(query.get("limit") ?? 20);
  const items = sessions.filter((session) => belongsTo(tab, session));
  const isMore = items.length > limit;
  return {
    items: items.slice(0, limit),
    total: items.length,
    total_is_capped: false,
    next: isMore && limit > 0 ? "next" : null,
    prev: null,
  };
}
