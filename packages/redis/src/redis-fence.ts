import {
  type Burial,
  type Commit,
  type Fence,
  FRAME_IDENTITY,
  type Lease,
  type LeaseCall,
  type Ms,
  type Outdating,
  type Raise,
  type Release,
  type RemoteCall,
  type RemoteChange,
  type VersionedFrame,
} from "@tiercache/core";
import type { Redis } from "ioredis";
import { at, changeAnnounced } from "./announced-change.ts";
import type { AnnouncingBus } from "./announcing-bus.ts";
import { bufferView } from "./buffer-view.ts";
import type { CommandRoute } from "./command-route.ts";
import { CommitFold } from "./commit-fold.ts";
import { announcedBurial, announcedOutdating, announcedRaise } from "./invalidation.ts";
import { wholeMs } from "./life.ts";
import { Script } from "./script.ts";

const { stateAt, revisionFrom, revisionBytes, leased, awaited, tombstone } = FRAME_IDENTITY;
const revisionTo = revisionFrom + revisionBytes - 1;
const placeholderBytes = 64;

/*
 * What every script here begins with: KEYS[1] must be a frame with the revision ARGV[1]. Absent, too short, of another
 * revision, something other than bytes: none of it is that frame, and the answer is 0. Compared with `==` alone: `<` depends
 * on the server's locale.
 */
const ifItIsThere = `
local head = redis.pcall('GETRANGE', KEYS[1], ${stateAt}, ${revisionTo})
if type(head) == 'table' then
  if string.find(head.err, 'WRONGTYPE', 1, true) then return 0 end
  return head
end
if #head ~= ${revisionTo - stateAt + 1} or string.sub(head, ${revisionFrom - stateAt + 1}) ~= ARGV[1] then return 0 end
local state = string.byte(head)
`;

/** KEYS the keys, ARGV[1] the life in ms and behind it their placeholders. What has been put there when one fails ends with its lease. */
const leasingAll = new Script(`
local taken = {}
for place, key in ipairs(KEYS) do
  local set = redis.pcall('SET', key, ARGV[place + 1], 'PX', ARGV[1], 'NX')
  if type(set) == 'table' and set.err then return set end
  taken[place] = set and 1 or 0
end
return taken
`);

/**
 * ARGV[2] the placeholder, ARGV[3] its life in ms, ARGV[4] 1 if what it lies over is kept behind it, with the life that it has if that is
 * longer. Nothing may have come to be there since that was seen, but what was there may be gone.
 */
const leasing = new Script(`
local head = redis.pcall('GETRANGE', KEYS[1], ${stateAt}, ${revisionTo})
if type(head) == 'table' then
  if string.find(head.err, 'WRONGTYPE', 1, true) then return 0 end
  return head
end
if #head == 0 then
  if redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3], 'NX') then return 1 end
  return 0
end
if string.sub(head, ${revisionFrom - stateAt + 1}) ~= ARGV[1] then return 0 end
local state = string.byte(head)
local isLeased = state == ${leased} or state == ${awaited}
if state == ${tombstone} or isLeased and redis.call('STRLEN', KEYS[1]) <= ${placeholderBytes} then return 0 end
if ARGV[4] ~= '1' then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
  return 1
end
local kept = redis.call('GET', KEYS[1])
if isLeased then kept = string.sub(kept, ${placeholderBytes + 1}) end
local left = redis.call('PTTL', KEYS[1])
if left == -1 then redis.call('SET', KEYS[1], ARGV[2] .. kept)
else redis.call('SET', KEYS[1], ARGV[2] .. kept, 'PX', left > tonumber(ARGV[3]) and left or ARGV[3]) end
return 1
`);

/** ARGV[2] and [3] what is announced if somebody waits. */
const releasing = new Script(`${ifItIsThere}
redis.call('UNLINK', KEYS[1])
if ARGV[2] and state == ${awaited} then redis.call('PUBLISH', ARGV[2], ARGV[3]) end
return 1
`);

/** SETRANGE leaves the life as it is. */
const waiting = new Script(`${ifItIsThere}
if state == ${awaited} then return 1 end
if state ~= ${leased} then return 0 end
redis.call('SETRANGE', KEYS[1], ${stateAt}, string.char(${awaited}))
return 1
`);

/** How many leases one call of a script takes, which holds up the server meanwhile: less than a millisecond. */
const MAX_LEASES = 256;

/** What a fence is made of. */
export interface RedisFenceParts {
  readonly route: CommandRoute;
  /** Tells what is announced. */
  readonly bus: Pick<AnnouncingBus, "announcing" | "waking">;
}

/** Leases and conditional writes, each a single command or a script of one key. */
export class RedisFence implements Fence {
  readonly #route: CommandRoute;
  readonly #bus: RedisFenceParts["bus"];
  readonly #commits: CommitFold;

  constructor({ route, bus }: RedisFenceParts) {
    this.#route = route;
    this.#bus = bus;
    this.#commits = new CommitFold(route);
  }

  /**
   * @throws (rejects) `TIER_FAILED` if any of them fails. What has been put there all the same ends with its lease.
   */
  async acquire(leases: readonly Lease[], call: LeaseCall): Promise<readonly boolean[]> {
    const [first] = leases;
    if (first === undefined) return [];
    const life = wholeMs(call.leaseMs);
    const isPlain = leases.every(({ over }) => over === undefined);
    if (leases.length > 1 && isPlain && this.#route.hasOneServer) {
      return this.#route.run(first.key, (client) => acquireAll(client, leases, life), call);
    }
    // Elsewhere one by one: what is sent on to another node must not be what has been granted already.
    return Promise.all(
      leases.map((lease) => this.#route.run(lease.key, (client) => acquireOne(client, lease, life), call)),
    );
  }

  commit(key: string, commit: Commit): Promise<boolean> {
    return this.#commits.commit(key, commit, this.#bus.waking(commit.announce));
  }

  release(key: string, release: Release): Promise<boolean> {
    const { expected, announce } = release;
    return this.#route.run(
      key,
      (client) => releasing.run(client, key, [bufferView(expected), ...this.#bus.waking(announce)]),
      release,
    );
  }

  wait(key: string, expected: Uint8Array, call: RemoteCall): Promise<boolean> {
    return this.#route.run(key, (client) => waiting.run(client, key, [bufferView(expected)]), call);
  }

  outdate(outdatings: readonly Outdating[], call: RemoteChange): Promise<void> {
    return changeAnnounced(this.#place, {
      keys: outdatings.map(({ key }) => key),
      call,
      send: (client, places, announcement) => announcedOutdating(client, at(outdatings, places), announcement),
    });
  }

  bury(tombstones: readonly Lease[], call: Burial): Promise<void> {
    const { leaseMs } = call;
    return changeAnnounced(this.#place, {
      keys: tombstones.map(({ key }) => key),
      call,
      send: (client, places, announcement) =>
        announcedBurial(client, at(tombstones, places), { leaseMs, announcement }),
    });
  }

  async raise(frames: readonly VersionedFrame[], call: Raise): Promise<readonly boolean[]> {
    const { ttlMs, replacesEqual } = call;
    const put = frames.map(() => false);
    await changeAnnounced(this.#place, {
      keys: frames.map(({ key }) => key),
      call,
      send: async (client, places, announcement) => {
        const raised = await announcedRaise(client, at(frames, places), { ttlMs, replacesEqual, announcement });
        for (const [index, place] of places.entries()) put[place] = raised[index] === true;
      },
    });
    return put;
  }

  get #place(): RedisFenceParts {
    return { route: this.#route, bus: this.#bus };
  }
}

async function acquireOne(client: Redis, { key, placeholder, over, keeps }: Lease, life: Ms): Promise<boolean> {
  if (over !== undefined) {
    const args = [bufferView(over), bufferView(placeholder), String(life), keeps === true ? "1" : "0"];
    return leasing.run(client, key, args);
  }
  return (await client.set(key, bufferView(placeholder), "PX", life, "NX")) === "OK";
}

async function acquireAll(client: Redis, leases: readonly Lease[], life: Ms): Promise<readonly boolean[]> {
  const calls: Promise<unknown>[] = [];
  for (let from = 0; from < leases.length; from += MAX_LEASES) {
    const some = leases.slice(from, from + MAX_LEASES);
    const placeholders = some.map(({ placeholder }) => bufferView(placeholder));
    calls.push(
      leasingAll.replies(
        client,
        some.map(({ key }) => key),
        [String(life), ...placeholders],
      ),
    );
  }
  const taken = (await Promise.all(calls)) as readonly (readonly unknown[])[];
  return taken.flat().map((each) => Number(each) === 1);
}
