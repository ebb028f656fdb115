import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createElement as h, type ReactNode } from "react";
import { renderToString } from "react-dom/server";
import { FormProvider, useForm } from "react-hook-form";
import { beforeAll, expect, test, vi } from "vitest";

import { emptyValues, type FormValues, type InstanceChoice } from "../values";

beforeAll(() => {
  const me = { name: "anna", unsupported: {} };
  vi.stubGlobal("document", { getElementById: () => ({ textContent: JSON.stringify({ me }) }) });
});

async function draw(chosen: InstanceChoice[]): Promise<string> {
  const { CloudSqlField } = await import("./CloudSqlField");
  const client = new QueryClient();
  client.setQueryData(["offered", "cloud-sql"], []);
  const values = { ...emptyValues("python", 900), cloud_sql_on: true, cloud_sql: chosen };
  function Form({ children }: { children: ReactNode }) {
    const form = useForm<FormValues>({ defaultValues: values });
    return h(FormProvider<FormValues>, { ...form, children });
  }
  const form = h(Form, null, h(CloudSqlField));
  return renderToString(h(QueryClientProvider, { client, children: form }));
}

test("an instance that is offered no more can be taken off", async () => {
  const drawn = await draw([{ instance: "project:region:gone", port: null }]);
  expect(drawn).toContain("project:region:gone");
  expect(drawn).not.toMatch(/<fieldset[^>]* disabled/);
});

test("without any instance the choice is closed, with the reason", async () => {
  const drawn = await draw([]);
  expect(drawn).toMatch(/<fieldset[^>]* disabled/);
  expect(drawn).toContain("No Cloud SQL instance is open to you.");
});
