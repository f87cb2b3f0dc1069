import { keysOf } from "../key-space.ts";
import { tierKey } from "./evict-keys.ts";
import type { Fault, FaultPlace } from "./fault.ts";

const KEYS = 8;
const LASTS_MS = 4_000;

/** Others write under our keys: text, a list, the frame of another key. */
export const foreignBytes: Fault = {
  name: "foreign-bytes",
  lane: "clients",
  lastsMs: [0, 0],
  async happen(place) {
    const { random, note } = place;
    const keys = random.shuffled(keysOf("warm", "cold")).slice(0, KEYS);
    note({ keys });
    for (const [index, key] of keys.entries()) await spoilt(place, tierKey(key), index);
  },
};

async function spoilt({ admin, random }: FaultPlace, key: string, index: number): Promise<void> {
  const way = index % 3;
  if (way === 0) await admin.set(key, "not a frame", "PX", LASTS_MS);
  else if (way === 1) {
    await admin.multi().unlink(key).rpush(key, "a", "list").pexpire(key, LASTS_MS).exec();
  } else {
    const other = await admin.getBuffer(tierKey(random.pick(keysOf("warm"))));
    if (other !== null) await admin.set(key, other, "PX", LASTS_MS);
  }
}
