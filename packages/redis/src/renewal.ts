import type { RemoteRenewal } from "@tiercache/core";
import type { Redis } from "ioredis";
import type { Announcement } from "./announcement.ts";
import { bufferView } from "./buffer-view.ts";
import { Script } from "./script.ts";

/*
 * KEYS[1] the frame; ARGV[1] what it must begin with, ARGV[2] what is to stand there, ARGV[3] its life in ms or "" for
 * no end, ARGV[4] and [5] what is announced of it, if anything. Compared with `==` alone: `<` depends on the server's
 * locale. What holds a list or a hash is no frame of ours.
 */
const renewal = new Script(`
local head = redis.pcall('GETRANGE', KEYS[1], 0, #ARGV[1] - 1)
if type(head) == 'table' then
  if string.find(head.err, 'WRONGTYPE', 1, true) then return 0 end
  return head
end
if head ~= ARGV[1] then return 0 end
redis.call('SETRANGE', KEYS[1], 0, ARGV[2])
if ARGV[3] == '' then redis.call('PERSIST', KEYS[1]) else redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
if ARGV[4] then redis.call('PUBLISH', ARGV[4], ARGV[5]) end
return 1
`);

/** What {@link renewed} is given besides the key. */
export interface Renewal extends Pick<RemoteRenewal, "expected" | "header"> {
  /** In ms as the server takes it, or empty for no end. */
  readonly life: string;
  readonly announcement: Announcement;
}

/** Prolongs a frame if it still begins as expected. Resolves to whether it did. */
export function renewed(
  client: Redis,
  key: string,
  { expected, header, life, announcement }: Renewal,
): Promise<boolean> {
  return renewal.run(client, key, [bufferView(expected), bufferView(header), life, ...announcement]);
}
