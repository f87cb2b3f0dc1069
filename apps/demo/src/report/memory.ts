import { Redis } from "ioredis";

/** What the keys of one namespace take in the remote tier. */
export interface NamespaceMemory {
  readonly namespace: string;
  readonly keys: number;
  /** How many of them were asked for their size. */
  readonly sampled: number;
  /** By `MEMORY USAGE`: key, value and what the server needs to keep them. */
  readonly bytesPerKey: number;
}

/** What the remote tier holds. */
export type MemoryReport = readonly NamespaceMemory[];

/** What the tokens of tags are called here, whose keys belong to no namespace. */
const tokens = "tags and generations";

const samplesPerNamespace = 50;
const keysPerScan = 1_000;

/** Asks the server what it keeps under a prefix, by namespace: all keys are counted, some are measured. */
export async function measureMemory(url: string, prefix: string): Promise<MemoryReport> {
  const client = new Redis(url, { maxRetriesPerRequest: 1 });
  try {
    const counts = new Map<string, { keys: number; samples: string[] }>();
    let cursor = "0";
    do {
      const [next, keys] = await client.scan(cursor, "MATCH", `${prefix}/*`, "COUNT", keysPerScan);
      cursor = next;
      for (const key of keys) {
        const namespace = key.slice(prefix.length + 1).split(":", 1)[0] || tokens;
        const count = counts.get(namespace) ?? { keys: 0, samples: [] };
        count.keys += 1;
        if (count.samples.length < samplesPerNamespace) count.samples.push(key);
        counts.set(namespace, count);
      }
    } while (cursor !== "0");
    const measured: NamespaceMemory[] = [];
    for (const [namespace, { keys, samples }] of counts) {
      const sizes = await Promise.all(samples.map((key) => client.memory("USAGE", key)));
      const known = sizes.filter((size) => size !== null);
      const bytesPerKey = known.reduce((sum, size) => sum + size, 0) / Math.max(1, known.length);
      measured.push({ namespace, keys, sampled: known.length, bytesPerKey });
    }
    return measured.toSorted((one, other) => other.keys * other.bytesPerKey - one.keys * one.bytesPerKey);
  } finally {
    client.disconnect();
  }
}
