import type { RedisOptions } from "@tiercache/redis";
import type { DelaysP99 } from "./loop-delays.ts";

/** What a process is started with. */
export interface ProcessOptions {
  readonly url?: string;
  readonly cluster?: NonNullable<Extract<RedisOptions, { readonly cluster: object }>["cluster"]>;
  readonly sentinel?: NonNullable<Extract<RedisOptions, { readonly sentinel: object }>["sentinel"]>;
  /** The URL of a server whose `database:<id>` is what is loaded, and whose `loads:<id>` counts that. */
  readonly database: string;
  readonly ttlMs?: number;
  /** How long a call is waited for, by its client and by the cache; `@defaultValue` theirs */
  readonly commandTimeoutMs?: number;
  readonly deadlineMs?: number;
}

/** What a process is asked to do. */
export interface Asked {
  readonly number: number;
  /** `watch` begins to look at the delays of its event loop, which `delays` then tells. */
  readonly what: "get" | "invalidate" | "invalidateAll" | "watch" | "delays";
  readonly id: string;
  readonly ids?: readonly string[];
  /** How long a load takes once it has read the database. */
  readonly loadMs?: number;
}

/** What it answers. */
export interface Answer {
  readonly number: number;
  readonly value?: number;
  readonly stale?: string;
  readonly status?: "done" | "queued";
  readonly delays?: DelaysP99;
}
