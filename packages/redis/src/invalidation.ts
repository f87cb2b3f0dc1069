import { type Burial, FRAME_IDENTITY, type Lease, type Outdating } from "@tiercache/core";
import type { Redis } from "ioredis";
import type { Announcement } from "./announcement.ts";
import { bufferView } from "./buffer-view.ts";
import { wholeMs } from "./life.ts";

const { stateAt, revisionFrom, revisionBytes, value, outdated } = FRAME_IDENTITY;
const revisionTo = revisionFrom + revisionBytes - 1;

/*
 * KEYS the keys, ARGV a revision each and then the announcement. From the state to the end of the revision, a value is given
 * both at once; what stands between them stays. To write takes memory, which a full server may refuse: then the value is
 * removed, which needs none.
 */
const outdating = `
for at = 1, #KEYS do
  local head = redis.pcall('GETRANGE', KEYS[at], ${stateAt}, ${revisionTo})
  local state = type(head) == 'string' and #head == ${revisionTo - stateAt + 1} and string.byte(head)
  local done = false
  if state == ${value} then
    local between = string.sub(head, 2, ${revisionFrom - stateAt})
    done = redis.pcall('SETRANGE', KEYS[at], ${stateAt}, string.char(${outdated}) .. between .. ARGV[at])
  elseif state == ${outdated} then
    done = redis.pcall('SETRANGE', KEYS[at], ${revisionFrom + 8}, string.sub(ARGV[at], 9))
  end
  if type(done) ~= 'number' then redis.call('UNLINK', KEYS[at]) end
end
if ARGV[#KEYS + 1] then redis.call('PUBLISH', ARGV[#KEYS + 1], ARGV[#KEYS + 2]) end
`;

/*
 * KEYS the keys, ARGV a tombstone each, then their life in ms and the announcement. To free memory comes first: after that a full
 * server takes the rest.
 */
const burying = `
for at = 1, #KEYS do
  redis.call('UNLINK', KEYS[at])
  redis.call('SET', KEYS[at], ARGV[at], 'PX', ARGV[#KEYS + 1])
end
if ARGV[#KEYS + 2] then redis.call('PUBLISH', ARGV[#KEYS + 2], ARGV[#KEYS + 3]) end
`;

/*
 * Both change a key whatever is there, so they must keep their place among the commands of a tick: they are sent whole
 * instead of by a digest, which the server may have forgotten.
 */

/** Says that values are out of date, and announces it, in one step. */
export async function announcedOutdating(
  client: Redis,
  outdatings: readonly Outdating[],
  announcement: Announcement,
): Promise<void> {
  const [keys, revisions] = [outdatings.map(({ key }) => key), outdatings.map(({ revision }) => bufferView(revision))];
  await client.call("eval", [outdating, keys.length, ...keys, ...revisions, ...announcement]);
}

/** Puts tombstones under keys, and announces it, in one step. */
export async function announcedBurial(
  client: Redis,
  tombstones: readonly Lease[],
  { leaseMs, announcement }: Pick<Burial, "leaseMs"> & { readonly announcement: Announcement },
): Promise<void> {
  const keys = tombstones.map(({ key }) => key);
  const frames = tombstones.map(({ placeholder }) => bufferView(placeholder));
  await client.call("eval", [burying, keys.length, ...keys, ...frames, wholeMs(leaseMs), ...announcement]);
}
