import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserToTestIn, launch } from "./browser.ts";
import { DemoProcess, token } from "./demo-process.ts";

const chromium = await browserToTestIn();
const artifacts = join(import.meta.dirname, "../../test-artifacts");

/** A busy machine is slow: only what never happens takes this long. */
const patienceMs = 60_000;

/** Where the focus is, and how that is shown; of a radio button it is its label that shows it. */
const focused = `(() => {
  const { activeElement } = document;
  const shown = activeElement.matches(".segments input") ? activeElement.parentElement : activeElement;
  return { id: activeElement.id, outline: getComputedStyle(shown).outlineStyle };
})()`;

describe.skipIf(chromium === undefined)("the live page in a browser", { timeout: 4 * patienceMs }, () => {
  let demo: DemoProcess;
  let browser: Browser;
  let page: Page;
  /** What the browser complained about: refused by the policy, thrown, not found. */
  const complaints: string[] = [];

  beforeAll(async () => {
    if (chromium === undefined) return;
    await mkdir(artifacts, { recursive: true });
    [demo, browser] = await Promise.all([DemoProcess.start(["--instances", "2"]), launch(chromium)]);
    page = await browser.newPage({ viewport: { width: 1_200, height: 900 }, colorScheme: "light" });
    page.setDefaultTimeout(patienceMs);
    page.on("pageerror", ({ message }) => complaints.push(message));
    page.on("console", (said) => void (said.type() === "error" && complaints.push(said.text())));
    await page.goto(demo.address);
  }, 3 * patienceMs);

  afterAll(async () => {
    await browser?.close();
    await demo?.[Symbol.asyncDispose]();
  }, patienceMs);

  const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
  const shows = (selector: string, text: RegExp) => page.locator(selector).filter({ hasText: text }).waitFor();
  const textOf = async (selector: string) => (await page.locator(selector).textContent()) ?? "";
  /** The watched preferences in the local tier of an instance. */
  const localHolds = (instance: number, holds: string) =>
    page.locator(`#instance-${instance}[data-local="${holds}"]`).waitFor();
  const localHoldsNot = (instance: number, holds: string) =>
    page.locator(`#instance-${instance}:not([data-local="${holds}"])`).waitFor();
  const screenshot = (name: string) => page.screenshot({ path: join(artifacts, `${name}.png`), fullPage: true });

  test("shows both instances and all tiers", async () => {
    await shows("#subtitle", /2 instances/);
    await shows("#breakers", /server running.*breaker 1 closed.*breaker 2 closed/);
    expect(await page.locator(".tier h3").allTextContents()).toEqual(["Local tier", "Redis", "Origins"]);
    await page.locator("#instance-1").waitFor();
    await page.locator("#instance-2").waitFor();
  });

  test("sends load, shows who answers it, and no request fails", async () => {
    await page.getByLabel("50", { exact: true }).check();
    await press("Send load");
    await page.getByRole("button", { name: "Stop load" }).waitFor();
    await page.locator("#namespace-ijp").waitFor();
    await shows("#share-local", /\d+\.\d % of reads/);
    await shows("#load-figures", /Requests[1-9]/);
    await screenshot("load-light");
    await press("Stop load");
    await page.getByRole("button", { name: "Send load" }).waitFor();
    expect(await textOf("#load-figures")).toMatch(/Failed0(?!\d)/);
  });

  test("shows that a change on one instance is dropped by the other", async () => {
    await page.getByLabel("User", { exact: true }).fill("7");
    await press("Watch");
    for (const instance of [1, 2]) {
      await press(`Read the preferences on instance ${instance}`);
      await shows(`#instance-${instance} [role=status]`, /a year; from/);
      await localHolds(instance, "fresh");
    }
    await press("Change the preferences on instance 1");
    await shows("#instance-1 [role=status]", /changed here/);
    await localHoldsNot(2, "fresh");
    await press("Read the preferences on instance 2");
    const [changed = ""] = (await textOf("#instance-1 [role=status]")).split(";");
    await page.locator("#instance-2 [role=status]").filter({ hasText: changed }).waitFor();
    await localHolds(2, "fresh");
  });

  test("answers while its Redis is killed, and shows the breaker open and close", async () => {
    await press("Kill");
    await shows("#breakers", /server killed/);
    await shows("#breakers", /breaker 1 (open|half-open).*breaker 2 (open|half-open)/);
    await shows("#health", /degraded/);
    // Forgets what was read before.
    await press("Watch");
    await shows("#instance-1 [role=status]", /not read yet/);
    await press("Read the preferences on instance 1");
    await shows("#instance-1 [role=status]", /; from/);
    await screenshot("killed-light");
    await press("Restart");
    await shows("#breakers", /server running.*breaker 1 closed.*breaker 2 closed/);
    await shows("#events", /breaker half-open → closed/);
    await shows("#health", /^\s*healthy\s*$/);
  });

  test("shows a Redis that hangs as one that is not asked, and goes on when it wakes up", async () => {
    await press("Hang");
    await shows("#breakers", /server hung.*breaker 1 (open|half-open)/);
    await press("Wake up");
    await shows("#breakers", /server running.*breaker 1 closed.*breaker 2 closed/);
  });

  test("starts one more instance, in a process of its own", async () => {
    await press("Start another instance");
    await page.locator("#instance-3").waitFor();
    await shows("#subtitle", /3 instances/);
    await localHolds(3, "nothing");
  });

  test("runs the job feed, and tells so", async () => {
    await press("Run the job feed");
    await shows("#events", /job feed, run 1: \d+ jobs added/);
  });

  test("lets operators in with their token alone", async () => {
    await page.getByLabel("Token").fill("not-the-right-token");
    await press("Sign in");
    await shows("#login-answer", /not the token/);
    await page.getByLabel("Token").fill(token);
    await press("Sign in");
    await shows("#managed-figures", /Hit rate/);
    await page.getByLabel("Namespace", { exact: true }).selectOption("domains");
    await press("Clear it everywhere");
    await shows("#login-answer", /domains: cleared \(done\)/);
    await press("Sign out");
    await page.getByLabel("Token").waitFor();
  });

  test("can be used by keyboard alone, and shows where one is", async () => {
    await page.reload();
    await shows("#subtitle", /3 instances/);
    const reached = new Set<string>();
    for (let tabs = 0; tabs < 60 && !reached.has("pause"); tabs++) {
      await page.keyboard.press("Tab");
      const { id, outline } = await page.evaluate<{ id: string; outline: string }>(focused);
      reached.add(id);
      expect(outline).not.toBe("none");
    }
    for (const id of ["redis-kill", "send-load", "ingest", "start-instance", "watched-user", "pause"]) {
      expect([...reached]).toContain(id);
    }
    await page.keyboard.press("Enter");
    await page.locator("#pause[aria-pressed=true]").waitFor();
  });

  test.each([
    ["light", 1_200],
    ["dark", 1_200],
    ["light", 360],
    ["dark", 360],
  ] as const)("fits a window, in %s at %d pixels", async (colorScheme, width) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    await screenshot(`page-${colorScheme}-${width}`);
  });

  test("asks for nothing that its policy refuses, and throws nothing", () => {
    // The browser itself complains about the refusal that a wrong token is to meet.
    expect(complaints.filter((text) => !text.includes("401"))).toEqual([]);
  });
});
