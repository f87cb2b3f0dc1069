import type { EpochMs, RemoteCall, Shards } from "@tiercache/core";
import type { Redis } from "ioredis";
import { isTryAgain } from "./failure.ts";

/** How commands reach the server that holds their keys: the only one there is, or one of a cluster. */
export interface CommandRoute {
  /** The time of the servers, or `undefined` while it is unknown. */
  now(): EpochMs | undefined;
  /**
   * Asks for the servers' time.
   *
   * @throws (rejects) What the client throws.
   */
  learnTime(): Promise<void>;
  /** Whether all keys lie on one server. */
  readonly hasOneServer: boolean;
  /** Whether a command given now leaves at once, its bytes copied before the call returns. */
  readonly sendsAtOnce: boolean;
  /** Tells keys of different servers apart; `undefined` where all lie on one. */
  readonly shards?: Shards;
  /** Puts keys into groups that may share a command; each is a list of places among the given keys. */
  groupsOf(keys: readonly string[]): readonly (readonly number[])[];
  /**
   * Sends a command of one key, or of keys of one group, of which one is named. It may be made more than once, as long as no
   * server has carried it out. Commands of one key reach the server in the order in which they are given.
   *
   * @throws (rejects) `TIER_FAILED`.
   */
  run<T>(key: string, command: (client: Redis) => Promise<T>, call?: RemoteCall): Promise<T>;
  /** The servers that hold keys, in an order that stays while they are the same; none as long as they are unknown. */
  readonly servers: readonly KeyServer[];
  /** Has `listener` called when what a server had acknowledged may be lost, before another command is sent to it. */
  onLoss(listener: () => void): void;
  /** Has `listener` called whenever a server can be reached again. */
  onReady(listener: () => void): void;
  /** Has the connections that are ours not keep the process alive by themselves. */
  unref(): void;
  /** Refuses what waits and what comes, and ends the connections that are ours. Never rejects. */
  close(): Promise<void>;
}

/** One of the servers that hold keys. */
export interface KeyServer {
  /** Sends a command to this very server. @throws (rejects) `TIER_FAILED`. */
  run<T>(command: (client: Redis) => Promise<T>, call?: RemoteCall): Promise<T>;
}

/** A command of some keys of one group. */
export interface GroupCommand<T> {
  /** The keys' places among those that the caller knows. */
  readonly places: readonly number[];
  readonly keys: readonly string[];
  readonly send: (client: Redis, places: readonly number[]) => Promise<T>;
}

/**
 * Sends a command of a group: whole, or key by key while the group's slot is on its way to another node and its keys lie
 * apart. Resolves to the answers and the places that each is for.
 */
export async function runGroup<T>(
  route: CommandRoute,
  { places, keys, send }: GroupCommand<T>,
  call?: RemoteCall,
): Promise<readonly (readonly [places: readonly number[], answer: T])[]> {
  const sent = async (some: readonly number[]): Promise<readonly [readonly number[], T]> => [
    some,
    await route.run(keys[some[0] as number] as string, (client) => send(client, some), call),
  ];
  try {
    return [await sent(places)];
  } catch (error) {
    if (places.length === 1 || !isTryAgain(error)) throw error;
    return Promise.all(places.map((place) => sent([place])));
  }
}
