import { ALL_TAGS, keysUnder } from "../key-space.ts";
import type { Fault } from "./fault.ts";

const TAGS = 20;

/** The tokens of tags are gone, as by eviction: nobody is told, and what was made under them is still there. */
export const evictTokens: Fault = {
  name: "evict-tokens",
  lane: "clients",
  lastsMs: [0, 0],
  async happen({ admin, random, note }) {
    const tags = random.shuffled(ALL_TAGS).slice(0, TAGS);
    note({ keys: tags.flatMap(keysUnder) });
    await admin.unlink(...tags.map((tag) => `:tag:${tag}`));
  },
};
