import { expect, test } from "vitest";
import { manualClock } from "../manual-clock.ts";
import { type MemoryServer, memoryServer } from "../memory/memory-server.ts";
import { type ChaosTier, chaos } from "./chaos.ts";

const call = { signal: new AbortController().signal };
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Process {
  readonly server: MemoryServer;
  readonly tier: ChaosTier;
  readonly heard: string[];
  /** Announces something as another process. */
  readonly says: (text: string) => Promise<void>;
}

async function listening(): Promise<Process> {
  const server = memoryServer({ clock: manualClock() });
  const [tier, other] = [chaos(server.tier()), server.tier()];
  const heard: string[] = [];
  tier.bus?.listen("all", {
    message: (text) => heard.push(text),
    echo: (nonce) => heard.push(`echo ${nonce}`),
    gap: () => heard.push("gap"),
  });
  other.bus.listen("all", { message() {}, echo() {}, gap() {} });
  await settled();
  heard.length = 0;
  const says = async (text: string): Promise<void> => {
    await other.bus.publish(text);
    await settled();
  };
  return { server, tier, heard, says };
}

test("messages arrive as they come without any switch turned", async () => {
  const { heard, says, tier } = await listening();
  await says("a");
  await tier.bus?.echo("b");
  await settled();
  expect(heard).toEqual(["a", "echo b"]);
});

test("held messages arrive one by one, in any order, or not at all", async () => {
  const { heard, says, tier } = await listening();
  tier.messages.hold();
  for (const text of ["a", "b", "c", "d"]) await says(text);
  await tier.bus?.echo("e");
  const [a, b, c, , echo] = await tier.messages.whenHeld(5);
  expect(tier.messages.held.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    "message a",
    "message b",
    "message c",
    "message d",
    "echo e",
  ]);
  expect(heard).toEqual([]);
  echo?.release();
  c?.release();
  b?.lose();
  a?.release();
  expect(heard).toEqual(["echo e", "c", "a"]);
  tier.messages.release();
  expect(heard).toEqual(["echo e", "c", "a", "d"]);
  await says("f");
  expect(heard.at(-1)).toBe("f");
});

test("a held message may arrive twice", async () => {
  const { heard, says, tier } = await listening();
  tier.messages.hold();
  await says("a");
  const [a] = tier.messages.held;
  a?.duplicate();
  expect([heard, tier.messages.held.length]).toEqual([["a"], 1]);
  a?.release();
  expect([heard, tier.messages.held.length]).toEqual([["a", "a"], 0]);
});

test("one kind may be held while the others arrive", async () => {
  const { heard, says, tier } = await listening();
  tier.messages.hold("message");
  await says("a");
  await tier.bus?.echo("b");
  await settled();
  expect(heard).toEqual(["echo b"]);
  tier.messages.hold("echo");
  await tier.bus?.echo("c");
  await settled();
  tier.messages.release("message");
  expect(heard).toEqual(["echo b", "a"]);
  tier.messages.release();
  expect(heard).toEqual(["echo b", "a", "echo c"]);
});

test("lost messages never arrive, and nobody is told", async () => {
  const { heard, says, tier } = await listening();
  tier.messages.lose();
  await says("a");
  tier.heal();
  await says("b");
  expect(heard).toEqual(["b"]);
});

test("a lost connection loses what is under way and what comes, until it is back behind a gap", async () => {
  const { heard, says, tier } = await listening();
  tier.messages.hold("message");
  await says("held");
  tier.loseBus();
  tier.messages.release();
  await says("meanwhile");
  await tier.bus?.echo("meanwhile");
  await settled();
  expect(heard).toEqual([]);
  tier.healBus();
  tier.healBus();
  await says("afterwards");
  expect(heard).toEqual(["gap", "afterwards"]);
});

test("who begins to listen while the connection is lost hears nothing until it is back", async () => {
  const tier = chaos(memoryServer({ clock: manualClock() }).tier());
  const heard: string[] = [];
  tier.loseBus();
  tier.bus?.listen("all", { message: () => {}, echo: () => {}, gap: () => heard.push("gap") });
  await settled();
  expect(heard).toEqual([]);
  tier.healBus();
  expect(heard).toEqual(["gap"]);
});

test("a failing tier still hears, and cannot send", async () => {
  const { heard, says, tier } = await listening();
  tier.fail();
  await says("a");
  expect(heard).toEqual(["a"]);
  await expect(tier.bus?.publish("b")).rejects.toMatchObject({ code: "TIER_FAILED" });
  await expect(tier.bus?.echo("c")).rejects.toMatchObject({ code: "TIER_FAILED" });
});

test("sending may be held like any other call", async () => {
  const { heard, tier } = await listening();
  tier.hold("echo", "request");
  const echo = tier.bus?.echo("a");
  const [held] = await tier.whenHeld(1);
  await tier.bus?.publish("b");
  await settled();
  expect([held?.operation, held?.keys, held?.text, heard]).toEqual(["echo", [], "a", ["b"]]);
  held?.release();
  await echo;
  await settled();
  expect(heard).toEqual(["b", "echo a"]);
});

test("a process that is cut off learns of a restart before it reaches the server again", async () => {
  const { server, tier } = await listening();
  const told: string[] = [];
  tier.onLoss?.(() => told.push("loss"));
  server.restart();
  expect(told).toEqual(["loss"]);
  tier.fail();
  server.restart();
  server.restart();
  expect(told).toEqual(["loss"]);
  tier.heal();
  expect(told).toEqual(["loss", "loss"]);
  await tier.readMany(["a"], call);
});

test("a closed bus brings nothing, also not what was held", async () => {
  const { heard, says, tier } = await listening();
  tier.messages.hold();
  await says("held");
  await tier.bus?.close();
  tier.messages.release();
  await says("late");
  tier.loseBus();
  tier.healBus();
  expect(heard).toEqual([]);
});
