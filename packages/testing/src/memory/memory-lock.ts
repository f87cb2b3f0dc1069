import type { EpochMs, Lock, LockCall, LockEnd, LockRelease, Ms, ProlongCall } from "@tiercache/core";
import type { MemoryStore } from "./memory-store.ts";
import { checkedLife, checkedText, refusal } from "./strictness.ts";

/** What lies under the key of a lock, whether somebody holds it or not. */
interface LockRecord {
  readonly token: number;
  /** When the lease ends, in the server's own time. */
  readonly endsAt: EpochMs;
  readonly isAwaited: boolean;
  /** `undefined` once it has been released. */
  readonly owner: string | undefined;
}

const A_DAY_MS: Ms = 24 * 60 * 60 * 1_000;
const TOKEN_OUTLIVES_MS: Ms = 60 * 60 * 1_000;

/** The locks of a memory server, as one process uses them. They lie among its frames, and may be evicted as those. */
export class MemoryLock implements Lock {
  readonly #store: MemoryStore;
  readonly #now: () => EpochMs;
  readonly #announce: (text: string | undefined) => void;

  constructor(store: MemoryStore, now: () => EpochMs, announce: (text: string | undefined) => void) {
    this.#store = store;
    this.#now = now;
    this.#announce = announce;
  }

  async acquire(key: string, { owner, leaseMs, above }: Omit<LockCall, "signal">): Promise<LockEnd> {
    checkedLife("The lease of a lock", leaseMs, A_DAY_MS);
    const last = this.#recordOf(key);
    const now = this.#now();
    const isRunning = last !== undefined && last.owner !== undefined && now < last.endsAt;
    if (isRunning && last.owner !== checkedOwner(owner)) {
      this.#store.replace(key, bytesOf({ ...last, isAwaited: true }));
      return { isHeld: false, leftMs: last.endsAt - now };
    }
    const token = isRunning ? last.token : Math.max((last?.token ?? 0) + 1, above + 1, Math.floor(now * 1_000));
    this.#keep(key, { token, owner, endsAt: now + leaseMs, isAwaited: isRunning && last.isAwaited }, leaseMs);
    return { isHeld: true, token };
  }

  async prolong(key: string, { owner, leaseMs }: Omit<ProlongCall, "signal">): Promise<boolean> {
    checkedLife("The lease of a lock", leaseMs, A_DAY_MS);
    const held = this.#heldBy(owner, key);
    if (held === undefined) return false;
    this.#keep(key, { ...held, endsAt: this.#now() + leaseMs }, leaseMs);
    return true;
  }

  async release(key: string, { owner, announce }: Omit<LockRelease, "signal">): Promise<boolean> {
    const held = this.#heldBy(owner, key);
    if (held === undefined) return false;
    this.#keep(key, { ...held, owner: undefined, isAwaited: false }, 0);
    if (held.isAwaited) this.#announce(announce);
    return true;
  }

  #heldBy(owner: string, key: string): LockRecord | undefined {
    const record = this.#recordOf(key);
    return record?.owner === checkedOwner(owner) && this.#now() < record.endsAt ? record : undefined;
  }

  #recordOf(key: string): LockRecord | undefined {
    const bytes = this.#store.get(checkedText("A key", key));
    return bytes === undefined ? undefined : JSON.parse(Buffer.from(bytes).toString());
  }

  #keep(key: string, record: LockRecord, leaseMs: Ms): void {
    this.#store.set(key, bytesOf(record), leaseMs + TOKEN_OUTLIVES_MS);
  }
}

function bytesOf(record: LockRecord): Uint8Array {
  return Buffer.from(JSON.stringify(record));
}

/** @throws `TIER_FAILED`. */
function checkedOwner(owner: string): string {
  if (checkedText("An owner", owner) === "") throw refusal("An owner has no name");
  return owner;
}
