import { beforeEach, expect, test } from "vitest";
import { FencedFleet } from "../fence/fenced-fleet.ts";

const secret = "a secret of 24 characters";
const ID = "jane.doe@example.org";

let fleet: FencedFleet;
let texts: string[];

beforeEach(() => {
  fleet = new FencedFleet();
  texts = [];
  const listener = { message: (text: string) => void texts.push(text), echo: () => {}, gap: () => {} };
  fleet.server.tier().bus.listen("tiercache", listener);
});

test("where keys are hidden, nothing of them can be read in what is announced, and it is heard all the same", async () => {
  const [one, other] = [1, 2].map(() => fleet.process({ hashKeys: { secret } }).cache);
  const users = [one, other].map((cache) =>
    cache?.namespace("user", { load: () => 1, staleIfErrorMs: 1_000, version: () => 1 }),
  );
  const [here, there] = users;
  await fleet.settled();
  await there?.get(ID);
  await fleet.settled();
  expect(there?.peek(ID)).toBe(1);
  await here?.invalidate(ID);
  await fleet.settled();
  expect(there?.peek(ID)).toBeUndefined();
  await here?.set(ID, 2);
  await here?.delete(ID);
  await here?.deleteMany([ID], { version: 0 });
  const [lock, waiting] = [one, other].map((cache) => cache?.withLock(ID, { leaseMs: 1_000 }, () => fleet.settled()));
  await lock;
  for (let turn = 0; turn < 20; turn++) {
    fleet.clock.advance(100);
    await fleet.settled();
  }
  await waiting;
  expect(texts.length).toBeGreaterThan(4);
  for (const text of texts) expect(text).not.toContain("jane");
});

test("who hides keys by another secret hears nothing of these, and is not disturbed", async () => {
  const [one, other] = [secret, "another one of 24 letters"].map(
    (each) => fleet.process({ hashKeys: { secret: each } }).cache,
  );
  const [here, there] = [one, other].map((cache) => cache?.namespace("user", { load: () => 1 }));
  await fleet.settled();
  await there?.get(ID);
  await here?.delete(ID);
  await fleet.settled();
  expect(there?.peek(ID)).toBe(1);
  expect(fleet.observer.of("bus-gap").length).toBe(2);
});
