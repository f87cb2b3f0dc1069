import type { RemoteCall, RemoteTier } from "@tiercache/core";
import { findRedisServer, howToGet, type RedisKind, wantedKind } from "@tooling/redis-server";
import { describe } from "vitest";

/** For tiers whose calls are to be answered, and not to be given up: a busy machine may be late. */
export const PATIENT_MS = 15_000;

/** A call that nobody gives up. */
export const call: RemoteCall = { signal: new AbortController().signal };

/** The one element that a read of one key has. */
export async function readOne(tier: RemoteTier, key: string): Promise<Uint8Array | undefined> {
  const [frame] = await tier.readMany([key], call);
  return frame;
}

export function write(tier: RemoteTier, key: string, text: string): Promise<void> {
  return tier.write(key, Buffer.from(text), { ...call, ttlMs: 600_000 });
}

export function remove(tier: RemoteTier, ...keys: readonly string[]): Promise<void> {
  return tier.remove(keys, call);
}

/** Does something again until it is done: for what a test begins with, where a call of its tier is given up soon. */
export async function untilDone<T>(attempt: () => Promise<T>): Promise<T> {
  let done: { readonly answer: T } | undefined;
  await eventually(async () => {
    done = await attempt().then(
      (answer) => ({ answer }),
      () => undefined,
    );
    return done !== undefined;
  });
  if (done === undefined) throw new Error("It was not done in time.");
  return done.answer;
}

/** Asks again until it holds; only a failure takes the whole time. */
export async function eventually(holds: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error("It did not come to hold in time.");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const valkey = wantedKind() === undefined ? await findRedisServer({ kind: "valkey" }) : undefined;

/** Tests for the server that all tests run on, and again for Valkey where it is to be had. */
export function onEachServer(define: (kind: RedisKind | undefined) => void): void {
  describe(`on ${wantedKind() ?? "the server at hand"}`, () => define(undefined));
  if (wantedKind() !== undefined) return;
  if (valkey !== undefined) describe(`on Valkey ${valkey.version}`, () => define("valkey"));
  else describe.skip(`on Valkey: there is none. ${howToGet("valkey")}`, () => define("valkey"));
}
