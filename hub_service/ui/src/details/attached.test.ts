import { expect, test } from "vitest";

import { makeSession } from "../testing/sessions";
import { attachedLines } from "./attached";

test("a session that was given nothing beside its drives has no such line", () => {
  expect(attachedLines(makeSession())).toEqual([]);
});

test("what a session was given is told by its names", () => {
  const session = makeSession({
    secrets: [{ name: "warehouse", as: "env" }, { name: "s3" }],
    service_account: "trainer",
    cloud_sql: [{ instance: "shop:europe-west1:main", port: 5432 }],
    ports: [
      { number: 8080, protocol: "TCP", name: "api" },
      { number: 9000 },
      { number: 53, protocol: "UDP" },
    ],
    env: { TOKEN: "secret-value", AREA: "eu" },
    custom_yaml: true,
    urls: null,
  });
  expect(attachedLines(session).map(({ name, words }) => `${name}: ${words}`)).toEqual([
    "Secrets: warehouse, s3",
    "Service account: trainer",
    "Cloud SQL: shop:europe-west1:main",
    "Ports: 8080 api, 9000, 53 UDP",
    "Variables: AREA, TOKEN",
    "YAML: changed by YAML of its own",
  ]);
});

test("the ports of a live session are shown as links instead", () => {
  expect(attachedLines(makeSession({ ports: [{ number: 8080 }] }))).toEqual([]);
});
