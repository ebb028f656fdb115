import { expect, test } from "vitest";

import { makeSession } from "../testing/sessions";
import { targetOf } from "./target";

const session = makeSession({
  ports: [
    { number: 8080, protocol: "TCP", name: "api" },
    { number: 53, protocol: "UDP", name: "dns" },
  ],
});

test("a door that is ready has an address, one that failed a reason", () => {
  expect(targetOf(session, "lab", "anna").address).toBe("/user/anna/s7k2mq4pedra/lab");
  const lab = { state: "failed", reason: "It did not answer." } as const;
  const stuck = targetOf(makeSession({ access: { lab } }), "lab", "anna");
  expect(stuck).toEqual({ address: null, problem: "It did not answer." });
  const early = makeSession({ state: "starting", access: { lab: { state: "starting" } } });
  expect(targetOf(early, "lab", "anna")).toEqual({ address: null, problem: "" });
});

test("a port answers its owner while the session runs", () => {
  expect(targetOf(session, 8080, "anna").address).toBe("/user/anna/s7k2mq4pedra/proxy/8080/");
  const starting = { ...session, state: "starting" } as const;
  expect(targetOf(starting, 8080, "anna")).toEqual({ address: null, problem: "" });
  expect(targetOf(session, 8080, "ben").address).toBe(null);
  expect(targetOf(session, 8080, "ben").problem).toContain("owner");
});

test.each([9000, 53])("port %s cannot be opened here, and that is said", (number) => {
  const { address, problem } = targetOf(session, number, "anna");
  expect([address, problem]).toEqual([null, `This session has no port ${number} to open here.`]);
});
