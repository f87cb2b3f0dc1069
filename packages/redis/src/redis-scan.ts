import { createHash } from "node:crypto";
import { CacheError, type RemoteCall, type Scan, type ScanCall, type ScanStep } from "@tiercache/core";
import type { Redis } from "ioredis";
import { ownedSlots, SLOTS } from "./cluster-self.ts";
import type { CommandRoute } from "./command-route.ts";

/** How many keys a server looks at in one step: some 0.3 ms in which it does nothing else. */
const KEYS_A_STEP = 1_000;

/** What has a meaning in a pattern of Redis. */
const GLOB_SIGNS = /[*?[\]\\]/g;

/** Where a scan is: on which of the servers, and where there. */
interface Place {
  /** What the servers were like when it began: a cursor is of no use on any other. */
  readonly servers: string;
  readonly index: number;
  readonly cursor: string;
}

/**
 * Looks through the keys of all servers, one after the other, by `SCAN`. What servers are asked for is a beginning alone: their
 * patterns may take exponential time where several `*` stand in one.
 *
 * In a cluster keys may move behind the scan's back, from a server that is still to come to one that is done. That is noticed
 * at the end, by what each server says of its own slots.
 */
export class RedisScan implements Scan {
  readonly #route: CommandRoute;
  /** How often something was lost: another server does not know a cursor. */
  #losses = 0;

  constructor(route: CommandRoute) {
    this.#route = route;
    route.onLoss(() => {
      this.#losses++;
    });
  }

  async step(prefix: string, call: ScanCall): Promise<ScanStep> {
    const { servers, index, cursor } = placeOf(call.cursor) ?? {
      servers: await this.#likeness(call),
      index: 0,
      cursor: "0",
    };
    const { servers: all } = this.#route;
    const server = all[index];
    if (server === undefined) throw moved();
    const [next, keys] = await server.run((client) => scanned(client, cursor, prefix), call);
    const isLast = next === "0" && index === all.length - 1;
    if (isLast && servers !== (await this.#likeness(call))) throw moved();
    // A look at the losses costs nothing, at each step.
    if (!servers.startsWith(`${this.#losses} `)) throw moved();
    const then = next === "0" ? { servers, index: index + 1, cursor: "0" } : { servers, index, cursor: next };
    return { keys, cursor: isLast ? undefined : JSON.stringify(then) };
  }

  /** Tells these servers, with these slots, from any others. */
  async #likeness(call: RemoteCall): Promise<string> {
    const { servers, hasOneServer } = this.#route;
    const losses = this.#losses;
    if (hasOneServer) return `${losses} `;
    const owned = await Promise.all(
      servers.map((server) => server.run(async (client) => ownedSlots(await client.cluster("NODES")), call)),
    );
    const isWhole = owned.every((own) => own !== undefined) && sum(owned.map((own) => own.count)) === SLOTS;
    if (!isWhole) throw moved();
    const text = owned.map((own) => own?.text).join("\n");
    return `${losses} ${createHash("sha256").update(text).digest("base64url")}`;
  }
}

async function scanned(client: Redis, cursor: string, prefix: string): Promise<readonly [string, readonly string[]]> {
  // ioredis puts its prefix in front of keys, and a pattern is none.
  const { keyPrefix = "" } = client.options;
  const pattern = `${(keyPrefix + prefix).replace(GLOB_SIGNS, "\\$&")}*`;
  const [next, keys] = await client.scan(cursor, "MATCH", pattern, "COUNT", KEYS_A_STEP);
  return [next, keys.map((key) => key.slice(keyPrefix.length))];
}

function placeOf(cursor: string | undefined): Place | undefined {
  return cursor === undefined ? undefined : (JSON.parse(cursor) as Place);
}

function sum(counts: readonly (number | undefined)[]): number {
  return counts.reduce<number>((all, count) => all + (count ?? 0), 0);
}

function moved(): CacheError {
  const cause = { code: "KEYS_MOVED" };
  return new CacheError("TIER_FAILED", "Keys may have moved between servers while they were looked through.", {
    cause,
  });
}
