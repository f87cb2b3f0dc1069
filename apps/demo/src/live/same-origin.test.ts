import { describe, expect, test } from "vitest";
import { pageHeader, refusalOf, refusalOfMachine } from "./same-origin.ts";

function asked(url: string, headers: Readonly<Record<string, string>>): Request {
  return new Request(url, { method: "POST", headers });
}

const here = "http://127.0.0.1:3000/live/actions/redis";
const ofPage = { [pageHeader]: "1" };
const fromPage = { ...ofPage, origin: "http://127.0.0.1:3000", "sec-fetch-site": "same-origin" };

describe("what the page asks for", () => {
  test("is let through, and so is another instance, which is no browser", () => {
    expect(refusalOf(asked(here, fromPage))).toBeUndefined();
    expect(refusalOf(asked(here, ofPage))).toBeUndefined();
  });

  test.each([
    ["without the page's header", { origin: "http://127.0.0.1:3000" }],
    ["from a page elsewhere", { ...ofPage, origin: "http://evil.example" }],
    ["from another port of this machine", { ...ofPage, origin: "http://127.0.0.1:4000" }],
    ["from a page without an origin", { ...ofPage, origin: "null" }],
    ["where the browser says that it is from elsewhere", { ...ofPage, "sec-fetch-site": "cross-site" }],
    ["where the browser says that it is from the same site alone", { ...ofPage, "sec-fetch-site": "same-site" }],
  ])("is refused %s", (_, headers) => {
    expect(refusalOf(asked(here, headers))).toContain("own page");
  });
});

describe("what touches the machine", () => {
  test.each(["http://127.0.0.1:3000", "http://localhost:3000"])("is let through from the page at %s", (origin) => {
    expect(refusalOfMachine(asked(`${origin}/live/actions/redis`, { ...fromPage, origin }))).toBeUndefined();
  });

  test("is refused to whoever does not say that it is a page here", () => {
    expect(refusalOfMachine(asked(here, ofPage))).toContain("own page");
  });

  test("is refused under a name that somebody has made to point here", () => {
    const origin = "http://rebound.example:3000";
    expect(refusalOfMachine(asked(`${origin}/live/actions/redis`, { ...fromPage, origin }))).toContain(
      "machine itself",
    );
  });
});
