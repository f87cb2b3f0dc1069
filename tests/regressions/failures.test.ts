import { createServer, type Server, type Socket } from "node:net";
import { createCache } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { redis } from "@tiercache/redis";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../scenarios/l1-l2/fleet.ts";
import { valuesIn } from "../scenarios/values-in.ts";

/* What goes wrong elsewhere when the origin or the remote tier fails. */

let fleet: Fleet;
const unhandled = vi.fn();
const away = new Error("origin is away");

beforeEach(() => {
  fleet = new Fleet();
  unhandled.mockClear();
  process.on("unhandledRejection", unhandled);
});

afterEach(async () => {
  await fleet.settled();
  process.off("unhandledRejection", unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});

describe("a loader that fails", () => {
  // Elsewhere each waiting caller tries again in turn: fifty callers are fifty loads, one after the other.
  test("is called once for fifty callers, who all are told", async () => {
    const load = vi.fn(() => Promise.reject<string>(away));
    const users = fleet.process().namespace<string>("user", { load });
    const reads = await Promise.allSettled(Array.from({ length: 50 }, () => users.get("1")));
    expect(new Set(reads.map((read) => read.status === "rejected" && read.reason === away))).toEqual(new Set([true]));
    expect(load).toHaveBeenCalledTimes(1);
  });

  // Elsewhere the error is swallowed, and the caller is given undefined.
  test("fails every kind of read with its own error, and is never an answer", async () => {
    const load = () => Promise.reject<string>(away);
    const users = fleet.process().namespace<string>("user", { load });
    await expect(users.get("1")).rejects.toBe(away);
    await expect(users.getMany(["1", "2"])).rejects.toBe(away);
    await expect(users.getOrLoad("1", load)).rejects.toBe(away);
    expect(users.peek("1")).toBeUndefined();
    expect(valuesIn(fleet.shared).count("write")).toBe(0);
  });

  // Elsewhere the error itself is kept as the value.
  test("is called again by the next reader", async () => {
    const load = vi.fn<() => Promise<string>>().mockRejectedValueOnce(away).mockResolvedValue("well again");
    const users = fleet.process().namespace("user", { load });
    await expect(users.get("1")).rejects.toBe(away);
    expect(await users.get("1")).toBe("well again");
  });

  // Elsewhere a refresh behind the readers that fails is an unhandled rejection and ends the process.
  test("behind its readers fails nobody", async () => {
    const load = vi.fn<() => Promise<string>>().mockResolvedValueOnce("old").mockRejectedValue(away);
    const users = fleet.process().namespace("user", { load, ttlMs: 100, staleWhileRevalidateMs: 100 });
    await users.get("1");
    fleet.clock.advance(150);
    expect(await users.get("1")).toBe("old");
    await fleet.settled();
    expect(fleet.observer.count("load-failed")).toBe(1);
  });
});

describe("a remote tier that fails", () => {
  // Elsewhere a read that fails is followed by a removal, and if that fails too, the caller is told of it.
  test("in all that is asked of it fails no read and no write", async () => {
    fleet.shared.fail();
    const users = fleet.process().namespace("user", { load: (id) => `loaded ${id}` });
    expect(await users.get("1")).toBe("loaded 1");
    expect(await users.getMany(["1", "2"])).toEqual(["loaded 1", "loaded 2"]);
    expect(await users.getOrLoad("3", () => "own")).toBe("own");
    expect(await users.set("4", "set")).toEqual({ status: "queued" });
    expect(await users.delete("1")).toEqual({ status: "queued" });
    expect(await users.invalidate("2")).toEqual({ status: "queued" });
    expect(await users.get("4")).toBe("set");
  });

  // Elsewhere a write that nobody waits for leaves its rejection to the process.
  test.each(["TIER_TIMEOUT", "ECONNRESET"])(
    "with %s behind a read is told to the observer and to nobody else",
    async (code) => {
      const users = fleet.process({ deadlineMs: 200 }).namespace("user", { load: (id) => id });
      await users.get("before");
      await fleet.settled();
      if (code === "TIER_TIMEOUT") fleet.shared.hold("write");
      else fleet.shared.fail(Object.assign(new Error("secret"), { code }), "write");
      await users.get("1");
      await fleet.settled();
      fleet.clock.advance(200);
      await fleet.settled();
      expect(fleet.observer.of("tier-failed")).toEqual([
        { type: "tier-failed", tier: "memory", operation: "write", code },
      ]);
      fleet.shared.release();
    },
  );

  // Elsewhere an answer that comes after all is taken up in the middle of something else, or is an unhandled rejection.
  test("after its deadline changes nothing any more", async () => {
    await fleet.process().namespace<string>("user").set("1", "from the tier");
    fleet.shared.hold("read");
    const users = fleet.process({ deadlineMs: 200 }).namespace("user", { load: () => "loaded" });
    const reads = [users.get("1"), users.get("2")];
    const [late] = await fleet.shared.whenHeld(1);
    fleet.clock.advance(200);
    expect(await Promise.all(reads)).toEqual(["loaded", "loaded"]);
    late?.fail(new Error("late"));
    fleet.shared.release();
    await fleet.settled();
    expect([users.peek("1"), users.peek("2")]).toEqual(["loaded", "loaded"]);
  });
});

describe("a server that takes connections and never says a word", () => {
  let server: Server;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    server = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
  });

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });

  // Elsewhere the first read waits for 44 seconds, or for ever.
  test("costs the first read of a process one deadline and no more", async () => {
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const cache = createCache({ tiers: [lru(), redis({ url: `redis://127.0.0.1:${port}` })], deadlineMs: 50 });
    const users = cache.namespace("user", { load: (id) => id });
    const startedAt = performance.now();
    expect(await users.get("1")).toBe("1");
    expect(await users.get("1")).toBe("1");
    expect(performance.now() - startedAt).toBeLessThan(500);
    expect(await users.set("2", "v")).toEqual({ status: "queued" });
    await cache.close();
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
