import { randomBytes } from "node:crypto";
import { FRAME_IDENTITY } from "@tiercache/core";
import type { Redis } from "ioredis";
import { bufferView } from "./buffer-view.ts";
import { forgetting } from "./forgetting.ts";

/** What is announced, as the last arguments of a script: a channel and a text, or nothing. */
export type Announcement = readonly [channel: string, text: string] | readonly [];

/* KEYS[1] the frame's key; ARGV[1] the frame, ARGV[2] its life in ms or "" for no end, ARGV[3] and [4] the announcement. */
const writing = `
if ARGV[2] == '' then redis.call('SET', KEYS[1], ARGV[1]) else redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
if ARGV[3] then redis.call('PUBLISH', ARGV[3], ARGV[4]) end
`;

/* KEYS the keys, ARGV[1] the revision of what stays, ARGV[2] and [3] the announcement. */
const removing = `${forgetting}
for at = 1, #KEYS do forget(KEYS[at], ARGV[1]) end
if ARGV[2] then redis.call('PUBLISH', ARGV[2], ARGV[3]) end
`;

/*
 * Both change a key whatever is there, so they must keep their place among the commands of a tick: they are sent whole
 * instead of by a digest, which the server may have forgotten.
 */

/** What {@link announcedWrite} is given besides the key. */
export interface AnnouncedFrame {
  readonly frame: Uint8Array;
  /** In ms as the server takes it, or empty for no end. */
  readonly life: string;
  readonly announcement: Announcement;
}

/** Stores a frame, and announces it in the same step if there is anything to announce. */
export async function announcedWrite(client: Redis, key: string, written: AnnouncedFrame): Promise<void> {
  await client.eval(writing, 1, key, bufferView(written.frame), written.life, ...written.announcement);
}

/** Removes keys, but for what keeps older values out, and announces it in the same step if there is anything to announce. */
export async function announcedRemoval(
  client: Redis,
  keys: readonly string[],
  announcement: Announcement,
): Promise<void> {
  const revision = randomBytes(FRAME_IDENTITY.revisionBytes);
  // In one array: there is an end to how many arguments a call can have.
  await client.call("eval", [removing, keys.length, ...keys, revision, ...announcement]);
}
