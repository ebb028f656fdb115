/** Each component in each of its states, in one long page. */
import type { ReactNode } from "react";

import type { Session } from "../api/types";
import { Refusal } from "../create/Refusal";
import { ApiError } from "../api/client";
import { Clock } from "../details/Clock";
import { Cause } from "../details/Overview";
import { Cards } from "../list/Cards";
import { columnsOf } from "../list/columns";
import { StatusBadge } from "../list/cells/StatusCell";
import { ListSkeleton } from "../list/ListStates";
import { Pager } from "../list/Pager";
import { Problem } from "../list/Problem";
import { SessionTable } from "../list/SessionTable";
import { Waiting } from "../list/Waiting";
import { rowsOf } from "../live/rows";
import { Evidence } from "../status/Evidence";
import { StartProgress } from "../status/Progress";
import { NO_NEWS } from "../status/start-news";
import { Stages } from "../status/Stages";
import type { Tab } from "../url/routes";
import { ACTIVE, ENDED, PROBLEMS, STAGES, STATUSES } from "./examples";

const nothing = {
  ids: new Set<string>(),
  sessions: [],
  set: () => undefined,
  setAll: () => undefined,
};
const rowsFor = (items: Session[]) =>
  rowsOf({ items, total: 1000, total_is_capped: true, next: "x", prev: null }, 0);
const news = {
  ...NO_NEWS,
  events: [{ at: STAGES[0]?.started_at ?? null, reason: "Pulling", message: "image 4.1 GiB" }],
  lines: ["Traceback (most recent call last):", "ModuleNotFoundError: No module named ‘x’"],
};

const LOADED_AT = Date.now();

export function Gallery() {
  const [pending, counting, busy] = ACTIVE;
  return (
    <main className="container-fluid">
      <h1>Gallery</h1>
      <Part name="Statuses">
        {STATUSES.map((status) => (
          <StatusBadge key={status} status={status} />
        ))}
      </Part>
      <Part name="Active sessions">
        <Table tab="active" sessions={[...ACTIVE, ...ENDED]} />
      </Part>
      <Part name="Session history">
        <Table tab="history" sessions={ENDED} />
      </Part>
      <Part name="Cards">
        <Cards rows={rowsFor([...ACTIVE, ...ENDED])} tab="active" selection={nothing} />
      </Part>
      <Part name="Problems">
        {PROBLEMS.map((problem) => (
          <Problem key={problem.status} reason={problem} at={LOADED_AT} onTry={() => undefined} />
        ))}
        <Waiting count={2} onShow={() => undefined} />
        <ListSkeleton />
      </Part>
      <Part name="Pages">
        <Pager rows={rowsFor(ACTIVE)} />
      </Part>
      <Part name="Starts">
        {pending && <StartProgress session={pending} />}
        {pending && <Stages stages={STAGES} session={pending} />}
        {ENDED[1] && <Stages stages={STAGES} session={{ ...ENDED[1], ready_at: null }} />}
        <Evidence news={news} />
      </Part>
      <Part name="Ends">
        {ENDED.map((session) => (
          <Cause key={session.id} session={session} />
        ))}
      </Part>
      <Part name="Clock">
        {counting && <Clock session={counting} />}
        {busy && <Clock session={busy} />}
      </Part>
      <Part name="Refusals">
        <Refusal
          error={new ApiError(500, { error: { id: "7f3a" } })}
          waiting={null}
          isBusy={false}
        />
        <Refusal error={null} waiting={new ApiError(429, {}, 20)} isBusy />
      </Part>
    </main>
  );
}

function Table({ tab, sessions }: { tab: Tab; sessions: Session[] }) {
  return (
    <SessionTable rows={rowsFor(sessions)} tab={tab} columns={columnsOf(tab)} selection={nothing} />
  );
}

function Part({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="my-4">
      <h2 className="h5">{name}</h2>
      {children}
    </div>
  );
}
