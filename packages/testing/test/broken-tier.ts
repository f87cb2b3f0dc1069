import { type Bus, type Fence, FRAME_IDENTITY, type RemoteTier } from "@tiercache/core";
import {
  busSuite,
  type ContractCase,
  fenceSuite,
  type MemoryTier,
  manualClock,
  memoryServer,
  type RemoteTierUnderTest,
} from "../src/index.ts";

const { revisionFrom, revisionBytes } = FRAME_IDENTITY;

/** What a suite opens on a memory server of its own: tiers as they are, or changed. */
export function opened(change: (tier: MemoryTier) => RemoteTier): RemoteTierUnderTest {
  const clock = manualClock();
  const server = memoryServer({ clock });
  return {
    tier: change(server.tier()),
    another: () => change(server.tier()),
    breakBus: () => server.restart({ keep: "all" }),
    advance: (ms) => clock.advance(ms),
  };
}

/** A tier that does what another one does, with some members replaced. */
export function changed(tier: MemoryTier, members: Partial<RemoteTier>): RemoteTier {
  return {
    name: tier.name,
    fence: tier.fence,
    bus: tier.bus,
    now: () => tier.now(),
    readMany: (keys) => tier.readMany(keys),
    write: (key, frame, call) => tier.write(key, frame, call),
    renew: (key, renewal) => tier.renew(key, renewal),
    remove: (keys, call) => tier.remove(keys, call),
    close: () => tier.close(),
    ...members,
  };
}

/** The titles of the cases that fail. */
export async function failedIn(suite: readonly ContractCase[]): Promise<string[]> {
  const titles: string[] = [];
  for (const { title, run } of suite) await run().catch(() => titles.push(title));
  return titles;
}

/** The titles of the fence's cases that fail when some of a sound fence's members are replaced. */
export function failedFence(change: (sound: Fence, tier: MemoryTier) => Partial<Fence>): Promise<string[]> {
  const suite = fenceSuite(() =>
    opened((tier) => {
      const { fence } = tier;
      const sound: Fence = {
        acquire: (leases, call) => fence.acquire(leases, call),
        commit: (key, commit) => fence.commit(key, commit),
        release: (key, release) => fence.release(key, release),
        wait: (key, expected) => fence.wait(key, expected),
        outdate: (outdatings, asked) => fence.outdate(outdatings, asked),
        bury: (tombstones, burial) => fence.bury(tombstones, burial),
        raise: (frames, raise) => fence.raise(frames, raise),
      };
      return changed(tier, { fence: { ...sound, ...change(sound, tier) } });
    }),
  );
  return failedIn(suite);
}

/** The titles of the bus's cases that fail when members of a sound bus, and of its tier, are replaced. */
export function failedBus(
  change: (sound: Bus) => Partial<Bus>,
  members: (tier: MemoryTier) => Partial<RemoteTier> = () => ({}),
): Promise<string[]> {
  const suite = busSuite(() =>
    opened((tier) => {
      const { bus } = tier;
      const sound: Bus = {
        listen: (channel, listener) => bus.listen(channel, listener),
        publish: (text) => bus.publish(text),
        echo: (nonce) => bus.echo(nonce),
        close: () => bus.close(),
      };
      return changed(tier, { bus: { ...sound, ...change(sound) }, ...members(tier) });
    }),
  );
  return failedIn(suite);
}

/** What lies under a key. */
export async function held(tier: RemoteTier, key: string): Promise<Uint8Array | undefined> {
  const [frame] = await tier.readMany([key], { signal: new AbortController().signal });
  return frame;
}

/** Whether a frame has a revision. */
export function hasRevision(frame: Uint8Array | undefined, revision: Uint8Array): frame is Uint8Array {
  return frame !== undefined && Buffer.compare(revisionOf(frame), revision) === 0;
}

export function revisionOf(frame: Uint8Array): Uint8Array {
  return frame.subarray(revisionFrom, revisionFrom + revisionBytes);
}
