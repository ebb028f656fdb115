import { MutationCache, QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";

import { makeSession } from "../testing/sessions";
import { isActedOn } from "./busy";

const session = makeSession({ id: "saaaaaaaaaaa" });

/** A cache in which this call is under way; `answer` ends it. */
function calling(variables: unknown, mutationKey: string[] = ["act"]) {
  const calls = new MutationCache();
  const client = new QueryClient({ mutationCache: calls });
  let answer: () => void = () => undefined;
  const mutationFn = () =>
    new Promise<void>((resolve) => {
      answer = resolve;
    });
  const done = calls.build(client, { mutationKey, mutationFn }).execute(variables);
  return {
    calls,
    end: async () => {
      await Promise.resolve();
      answer();
      await done;
    },
  };
}

test("a session is busy while a call about it is under way, and no other is", async () => {
  const { calls, end } = calling(session);
  expect(isActedOn(calls, session.id)).toBe(true);
  expect(isActedOn(calls, "sbbbbbbbbbbb")).toBe(false);
  await end();
  expect(isActedOn(calls, session.id)).toBe(false);
});

test("a session that is started again is busy too", () => {
  const { calls } = calling({ session, changes: {} });
  expect(isActedOn(calls, session.id)).toBe(true);
});

test("a call that acts on no session makes none busy", () => {
  const { calls } = calling(session, ["other"]);
  expect(isActedOn(calls, session.id)).toBe(false);
});

test("rows hear a plain yes or no, so that news of other sessions draw nothing anew", () => {
  const { calls } = calling(session);
  const answers = () => ["saaaaaaaaaaa", "sbbbbbbbbbbb"].map((id) => isActedOn(calls, id));
  expect(answers().every((answer, at) => Object.is(answer, answers()[at]))).toBe(true);
});
