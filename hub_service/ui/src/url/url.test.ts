import { describe, expect, test } from "vitest";

import {
  filterCount,
  formatListQuery,
  isSameApiQuery,
  parseListQuery,
  toApiQuery,
  withChange,
  withoutFilters,
} from "./list-query";
import { paths, placeOf } from "./routes";

const ID = "s7k2mq4pedra";

describe("paths", () => {
  test.each([
    ["", { at: "list", tab: "active" }],
    ["history", { at: "list", tab: "history" }],
    ["history/", { at: "list", tab: "history" }],
    ["new", { at: "new" }],
    [paths.details(ID), { at: "details", id: ID, part: "overview" }],
    [paths.part(ID, "logs"), { at: "details", id: ID, part: "logs" }],
    [paths.story(ID), { at: "details", id: ID, part: "story" }],
    [paths.status(ID), { at: "status", id: ID }],
    [paths.open(ID, "shell"), { at: "open", id: ID, door: "shell" }],
    [paths.open(ID, 8080), { at: "open", id: ID, door: 8080 }],
    [`open/${ID}/port`, { at: "nowhere" }],
    [`open/${ID}/port/0`, { at: "nowhere" }],
    [`open/${ID}/port/65536`, { at: "nowhere" }],
    [`open/${ID}/port/8080/x`, { at: "nowhere" }],
    ["open/elsewhere/port/8080", { at: "nowhere" }],
    [paths.drives(), { at: "drives", name: null }],
    [paths.drives("data-1"), { at: "drives", name: "data-1" }],
    [paths.drives("a/b"), { at: "drives", name: "a/b" }],
    ["drives/%zz", { at: "nowhere" }],
    ["drives/data/more", { at: "nowhere" }],
    [`open/${ID}/door`, { at: "nowhere" }],
    [`s/${ID}/unknown`, { at: "nowhere" }],
    ["s/../../x", { at: "nowhere" }],
    ["elsewhere", { at: "nowhere" }],
  ])("‘%s’ is a place", (path, place) => {
    expect(placeOf(path)).toEqual(place);
  });
});

describe("filters in the address", () => {
  test("survive parsing and formatting", () => {
    const search =
      "?q=a%26b&owner=*&drive=data&drive=more&billing_project=p1&state=in+progress&sort=-name&limit=50";
    expect(formatListQuery(parseListQuery(search))).toBe(search);
  });

  test("nothing chosen is no query at all, and old bookmarks are Active", () => {
    expect(formatListQuery(parseListQuery("?panel=sessions"))).toBe("");
  });

  test("odd values fall back to what is usual", () => {
    const query = parseListQuery("?limit=7&page=-3&drive=&drive=x&drive=x");
    expect(query).toMatchObject({ limit: null, page: 1, drive: ["x"] });
  });

  test("a change goes back to the first page", () => {
    const query = parseListQuery("?cursor=abc&page=3&drive=x");
    expect(formatListQuery(query)).toBe("?drive=x&cursor=abc&page=3");
    expect(formatListQuery(withChange(query, { q: "y" }))).toBe("?q=y&drive=x");
    expect(formatListQuery(withoutFilters(query))).toBe("");
    expect(filterCount(withChange(query, { q: " y " }))).toBe(2);
  });

  test("the API is asked with tab, sort and limit", () => {
    const query = toApiQuery("history", parseListQuery("?state=done&state=failed"), 20);
    expect(query).toBe("tab=history&state=done&state=failed&sort=-started_at&limit=20");
    expect(isSameApiQuery(query, "limit=20&state=failed&tab=history&state=done")).toBe(true);
    expect(isSameApiQuery(query, "tab=active")).toBe(false);
  });
});
