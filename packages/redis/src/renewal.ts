import type { RemoteRenewal } from "@tiercache/core";
import type { Redis } from "ioredis";
import { wordOf } from "./failure.ts";
import { Script } from "./script.ts";

/*
 * KEYS[1] the frame; ARGV[1] what it must begin with, ARGV[2] what is to stand there, ARGV[3] its life in ms or "" for
 * no end. Compared with `==` alone: `<` depends on the server's locale.
 */
const renewal = new Script(`
if redis.call('GETRANGE', KEYS[1], 0, #ARGV[1] - 1) ~= ARGV[1] then return 0 end
redis.call('SETRANGE', KEYS[1], 0, ARGV[2])
if ARGV[3] == '' then redis.call('PERSIST', KEYS[1]) else redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
return 1
`);

/**
 * Prolongs a frame if it still begins as expected.
 *
 * @param life - In ms as the server takes it, or empty for no end.
 */
export async function renewed(
  client: Redis,
  key: string,
  { expected, header, life }: Pick<RemoteRenewal, "expected" | "header"> & { readonly life: string },
): Promise<boolean> {
  try {
    return (await renewal.run(client, key, [bytesOf(expected), bytesOf(header), life])) === 1;
  } catch (error) {
    // What holds a list or a hash is no frame of ours.
    if (wordOf(error) === "WRONGTYPE") return false;
    throw error;
  }
}

function bytesOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
