import {
  type Burial,
  type Commit,
  type Fence,
  FRAME_IDENTITY,
  type Lease,
  type LeaseCall,
  type Ms,
  type Outdating,
  type Release,
  type RemoteCall,
  type RemoteChange,
} from "@tiercache/core";
import { bufferView } from "./buffer-view.ts";
import type { CommandGate } from "./command-gate.ts";
import { announcedBurial, announcedOutdating } from "./invalidation.ts";
import { endingMs, lifeText } from "./life.ts";
import type { RedisBus } from "./redis-bus.ts";
import { Script } from "./script.ts";

const { stateAt, revisionFrom, revisionBytes, leased, awaited } = FRAME_IDENTITY;
const revisionTo = revisionFrom + revisionBytes - 1;

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

/** ARGV[2] the frame, ARGV[3] its life in ms or "" for no end, ARGV[4] and [5] what is announced if somebody waits. */
const committing = new Script(`${ifItIsThere}
if ARGV[3] == '' then redis.call('SET', KEYS[1], ARGV[2]) else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
if ARGV[4] and state == ${awaited} then redis.call('PUBLISH', ARGV[4], ARGV[5]) end
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

/** What a fence is made of. */
export interface RedisFenceParts {
  readonly gate: CommandGate;
  /** Tells which channel is announced on. */
  readonly bus: Pick<RedisBus, "announcement">;
}

/** Leases and conditional writes, each a single command or a script of one key. */
export class RedisFence implements Fence {
  readonly #gate: CommandGate;
  readonly #bus: RedisFenceParts["bus"];

  constructor({ gate, bus }: RedisFenceParts) {
    this.#gate = gate;
    this.#bus = bus;
  }

  /**
   * @throws (rejects) `TIER_FAILED` if any of them fails. What has been put there all the same ends with its lease.
   */
  acquire(leases: readonly Lease[], call: LeaseCall): Promise<readonly boolean[]> {
    if (leases.length === 0) return Promise.resolve([]);
    const life = endingMs(call.leaseMs);
    return this.#gate.run(
      () => (leases.length === 1 ? this.#acquireOne(leases[0] as Lease, life) : this.#acquireAll(leases, life)),
      call,
    );
  }

  commit(key: string, commit: Commit): Promise<boolean> {
    return this.#gate.run(async () => {
      const { frame, expected, ttlMs, announce } = commit;
      const announcement = this.#bus.announcement(announce);
      const args = [bufferView(expected), bufferView(frame), lifeText(ttlMs), ...announcement];
      return committing.run(this.#gate.client, key, args);
    }, commit);
  }

  release(key: string, release: Release): Promise<boolean> {
    return this.#gate.run(async () => {
      const announcement = this.#bus.announcement(release.announce);
      return releasing.run(this.#gate.client, key, [bufferView(release.expected), ...announcement]);
    }, release);
  }

  wait(key: string, expected: Uint8Array, call: RemoteCall): Promise<boolean> {
    return this.#gate.run(() => waiting.run(this.#gate.client, key, [bufferView(expected)]), call);
  }

  outdate(outdatings: readonly Outdating[], change: RemoteChange): Promise<void> {
    if (outdatings.length === 0) return Promise.resolve();
    return this.#gate.run(async () => {
      await announcedOutdating(this.#gate.client, outdatings, this.#bus.announcement(change.announce));
    }, change);
  }

  bury(tombstones: readonly Lease[], burial: Burial): Promise<void> {
    if (tombstones.length === 0) return Promise.resolve();
    return this.#gate.run(async () => {
      const { leaseMs, announce } = burial;
      const announcement = this.#bus.announcement(announce);
      await announcedBurial(this.#gate.client, tombstones, { leaseMs, announcement });
    }, burial);
  }

  /** A pipeline of one costs a quarter more than its command. */
  async #acquireOne({ key, placeholder }: Lease, life: Ms): Promise<readonly boolean[]> {
    return [(await this.#gate.client.set(key, bufferView(placeholder), "PX", life, "NX")) === "OK"];
  }

  async #acquireAll(leases: readonly Lease[], life: Ms): Promise<readonly boolean[]> {
    const pipeline = this.#gate.client.pipeline();
    for (const { key, placeholder } of leases) pipeline.set(key, bufferView(placeholder), "PX", life, "NX");
    const replies = (await pipeline.exec()) ?? [];
    return replies.map(([error, reply]) => {
      if (error !== null) throw error;
      return reply === "OK";
    });
  }
}
