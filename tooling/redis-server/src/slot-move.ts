import type { RedisServer } from "./redis-server.ts";
import { asked } from "./wire.ts";

/** What is moved, and between which nodes. */
export interface SlotMoveParts {
  readonly slot: number;
  readonly from: RedisServer;
  readonly to: RedisServer;
  readonly fromId: string;
  readonly toId: string;
}

/** A slot on its way from one node to another, as an operator moves it. */
export class SlotMove {
  readonly #parts: SlotMoveParts;

  constructor(parts: SlotMoveParts) {
    this.#parts = parts;
  }

  /** From now on the old owner asks who wants an absent key to go to the new one (`ASK`). */
  async begin(): Promise<void> {
    const { slot, from, to, fromId, toId } = this.#parts;
    await asked(to.port, `CLUSTER SETSLOT ${slot} IMPORTING ${fromId}`);
    await asked(from.port, `CLUSTER SETSLOT ${slot} MIGRATING ${toId}`);
  }

  /** Moves the keys that are there, all of them or the first few. Resolves to how many. */
  async moveKeys(count: number = 1_000_000): Promise<number> {
    const { slot, from, to } = this.#parts;
    const reply = await asked(from.port, `CLUSTER GETKEYSINSLOT ${slot} ${count}`);
    const keys = reply.split("\r\n").filter((_, index) => index % 2 === 1);
    for (const key of keys) await asked(from.port, `MIGRATE 127.0.0.1 ${to.port} ${key} 0 5000`);
    return keys.length;
  }

  /** The new owner is the only one from now on (`MOVED`). */
  async end(): Promise<void> {
    const { slot, from, to, toId } = this.#parts;
    for (const { port } of [to, from]) await asked(port, `CLUSTER SETSLOT ${slot} NODE ${toId}`);
  }
}
