import { setImmediate } from "node:timers/promises";
import { type Cache, createCache, hours, type LoadingNamespace, type Ms, type RemoteTier } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { redis } from "@tiercache/redis";
import { type ManualClock, manualClock } from "@tiercache/testing";
import { asked, awaitUntil, LinkProxy, type RedisServer } from "@tooling/redis-server";
import { CommandLog } from "../command-counts.ts";
import type { Lengths } from "./wire.ts";
import type { Deed } from "./workload.ts";

/** What real caches on a real server have come to. */
export interface RealTally {
  readonly commands: Readonly<Record<string, number>>;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Announcements and echoes that came to somebody. */
  readonly deliveries: number;
  readonly loads: number;
}

/** A key that no deed is about. */
const WARM_UP_KEY = 800;

/** One process's part: in fact a cache with connections of its own. */
interface Member extends Heard {
  readonly cache: Cache;
  readonly values: LoadingNamespace<[id: string], string>;
}

/** What a cache has heard: announcements, its own echoes, and that it hears from now on. */
interface Heard {
  heard: number;
  echoes: number;
  beginnings: number;
  /** The echo that was sent last, and the one that came back last. */
  sent: string | undefined;
  back: string | undefined;
}

const PREFIX = "sim";
const NAMESPACE = "value";
/** Longer than what stands there while a value is being loaded. */
const PLACEHOLDER_BYTES = 64;

/** Does on real caches, one after the other and on one server, what a fleet does in a simulation. */
export class RealFleet implements AsyncDisposable {
  readonly #clock: ManualClock = manualClock();
  readonly #proxy: LinkProxy;
  readonly #log: CommandLog;
  readonly #port: number;
  readonly #members: Member[] = [];
  #announced = 0;
  #mayLoad = Promise.resolve();
  #loads = 0;

  private constructor(server: RedisServer) {
    this.#proxy = new LinkProxy(server.port);
    this.#log = new CommandLog(server.port);
    this.#port = server.port;
  }

  /** How long things are of which it makes use. */
  static readonly lengths: Lengths = {
    key: `${PREFIX}/${NAMESPACE}:${idOf(0)}`.length,
    value: JSON.stringify(idOf(0)).length,
    channel: `${PREFIX}/tiercache`.length,
    announcement: JSON.stringify(["tiercache:1", "named12signs:12", "gone", NAMESPACE, idOf(0)]).length,
  };

  /** Starts so many members, and has done what is only done once. */
  static async of(server: RedisServer, members: number, horizonMs: Ms): Promise<RealFleet> {
    await asked(server.port, "FLUSHALL");
    const fleet = new RealFleet(server);
    const url = await fleet.#proxy.open();
    for (let member = 0; member < members; member++) await fleet.#join(url, horizonMs);
    await fleet.stampede(WARM_UP_KEY);
    await awaitUntil("all echoes are back", () => fleet.#members.every(({ sent, back }) => back === sent));
    await fleet.#log.sinceLast();
    for (const link of fleet.#proxy.links) link.sent = link.answered = "";
    for (const member of fleet.#members) member.heard = member.echoes = 0;
    fleet.#announced = fleet.#loads = 0;
    return fleet;
  }

  async run(deeds: Iterable<Deed>, untilMs: Ms): Promise<void> {
    for (const deed of deeds) {
      await this.#advanceTo(deed.atMs);
      const member = this.#members[deed.process];
      if (deed.kind === "read") await this.#read(member, idOf(deed.key));
      else await this.#invalidate(member, idOf(deed.key));
    }
    await this.#advanceTo(untilMs);
  }

  /** The first member loads a key, and does not come to an end before all others wait for it. */
  async stampede(key: number): Promise<void> {
    const gate = Promise.withResolvers<void>();
    this.#mayLoad = gate.promise;
    const [first, ...others] = this.#members;
    const [id, before, log] = [idOf(key), this.#loads, new CommandLog(this.#port)];
    await log.sinceLast();
    const reads: (Promise<string> | undefined)[] = [first?.values.get(id)];
    await awaitUntil("one loads", () => this.#loads > before);
    reads.push(...others.map(({ values }) => values.get(id)));
    let scripts = 0;
    await awaitUntil("the others wait", async () => {
      const { evalsha = 0, eval: whole = 0 } = await log.sinceLast();
      scripts += evalsha + whole;
      return scripts >= others.length;
    });
    gate.resolve();
    await Promise.all(reads.filter((read) => read !== undefined));
    this.#announced++;
    await awaitUntil("all have heard", () => this.#members.every(({ heard }) => heard >= this.#announced));
  }

  async tally(): Promise<RealTally> {
    // What a process asks once in a while, and what is asked to see whether something is done.
    const { time: _time, strlen: _strlen, ...commands } = await this.#log.sinceLast();
    const sum = (of: "sent" | "answered"): number => this.#proxy.links.reduce((all, link) => all + link[of].length, 0);
    return {
      commands,
      bytesIn: sum("sent"),
      bytesOut: sum("answered"),
      deliveries: this.#members.reduce((all, { heard, echoes }) => all + heard + echoes, 0),
      loads: this.#loads,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { cache } of this.#members) await cache.close();
    this.#proxy.close();
  }

  async #join(url: string, horizonMs: Ms): Promise<void> {
    const counts: Heard = { heard: this.#announced, echoes: 0, beginnings: 0, sent: undefined, back: undefined };
    const tiers = [lru(), counting(redis({ url }), counts)] as const;
    // So that echoes are all that is timed.
    const deadlineMs = hours(1);
    const cache = createCache({ tiers, horizonMs, deadlineMs, prefix: PREFIX, clock: this.#clock, ttlMs: hours(1) });
    const values = cache.namespace(NAMESPACE, {
      load: async (id): Promise<string> => {
        this.#loads++;
        await this.#mayLoad;
        return id;
      },
    });
    const member = Object.assign(counts, { cache, values });
    this.#members.push(member);
    await awaitUntil("it listens", () => counts.beginnings > 0);
    // What is loaded before there is a connection is kept in the process alone.
    await awaitUntil("it is connected", async () => (await cache.health()).tiers[0]?.roundTripMs !== undefined);
    // Its generation, the scripts, the proof that it hears all: from then on each read is one command.
    const id = `warm${this.#members.length}`;
    await this.#read(member, id);
    await this.#invalidate(member, id);
    // One is sent when it begins to listen, also where none is sent from time to time.
    await awaitUntil("its echo has come back", () => member.sent !== undefined && member.back === member.sent);
  }

  async #read(member: Member | undefined, id: string): Promise<void> {
    const before = this.#loads;
    await member?.values.get(id);
    if (this.#loads === before) return;
    const bytes = async (): Promise<number> => Number(await asked(this.#port, `STRLEN ${PREFIX}/${NAMESPACE}:${id}`));
    await awaitUntil("what was loaded is kept", async () => (await bytes()) > PLACEHOLDER_BYTES);
  }

  async #invalidate(member: Member | undefined, id: string): Promise<void> {
    await member?.values.invalidate(id);
    this.#announced++;
    await awaitUntil("all have heard", () => this.#members.every(({ heard }) => heard >= this.#announced));
  }

  /** One timer after the other, each of which is waited for: nothing but echoes is timed here. */
  async #advanceTo(atMs: Ms): Promise<void> {
    for (let next = this.#clock.nextAt; next !== undefined && next <= atMs; next = this.#clock.nextAt) {
      const before = this.#members.map(({ echoes }) => echoes);
      this.#clock.advance(next - this.#clock.now());
      await awaitUntil("all echoes have come back", () =>
        this.#members.every(({ echoes, sent, back }, member) => echoes > (before[member] ?? 0) && back === sent),
      );
    }
    this.#clock.advance(Math.max(0, atMs - this.#clock.now()));
    await setImmediate();
  }
}

/** As long for each key. */
function idOf(key: number): string {
  return `k${100 + key}`;
}

/** The same tier, with a count of what its cache hears. */
function counting(tier: RemoteTier, counts: Heard): RemoteTier {
  const { bus, fence } = tier;
  if (bus === undefined) throw new Error("The tier has no bus.");
  return {
    name: tier.name,
    fence,
    bus: {
      listen: (channel, listener) =>
        bus.listen(channel, {
          message(text) {
            listener.message(text);
            counts.heard++;
          },
          echo(nonce) {
            listener.echo(nonce);
            counts.echoes++;
            counts.back = nonce;
          },
          gap() {
            listener.gap();
            counts.beginnings++;
          },
        }),
      publish: (text) => bus.publish(text),
      echo(nonce) {
        counts.sent = nonce;
        return bus.echo(nonce);
      },
      close: () => bus.close(),
    },
    now: () => tier.now(),
    readMany: (keys, call) => tier.readMany(keys, call),
    write: (key, frame, call) => tier.write(key, frame, call),
    remove: (keys, call) => tier.remove(keys, call),
    close: () => tier.close(),
  };
}
