import { ALL_KEYS, isReplicated, namespaceOf } from "../key-space.ts";
import type { Fault } from "./fault.ts";

const KEYS = 60;

/** Without its tombstone or its minimum not everybody knows of an invalidation. */
const mayBeEvicted = ALL_KEYS.filter((key) => !isReplicated(key));

/** Keys are gone, as by eviction: nobody is told. */
export const evictKeys: Fault = {
  name: "evict-keys",
  lane: "clients",
  lastsMs: [0, 0],
  async happen({ admin, random, note }) {
    const keys = random.shuffled(mayBeEvicted).slice(0, KEYS);
    note({ keys });
    await admin.unlink(...keys.map(tierKey));
  },
};

/** Where a row lies on the server. */
export function tierKey(key: string): string {
  return `${namespaceOf(key)}:${key}`;
}
