import {
  type Burial,
  FRAME_IDENTITY,
  FRAME_VERSION,
  type Lease,
  type Outdating,
  type Raise,
  type VersionedFrame,
} from "@tiercache/core";
import type { Redis } from "ioredis";
import type { Announcement } from "./announcement.ts";
import { bufferView } from "./buffer-view.ts";
import { forgetting } from "./forgetting.ts";
import { lifeText, wholeMs } from "./life.ts";

const { stateAt, revisionFrom, revisionBytes, value, outdated, leased, awaited, tombstone } = FRAME_IDENTITY;
const { formatAt, format, bytes: versionBytes } = FRAME_VERSION;
const placeholderBytes = 64;
const revisionTo = revisionFrom + revisionBytes - 1;

/*
 * KEYS the keys, ARGV a revision each and then the announcement. From the state to the end of the revision, a value is given
 * both at once; what stands between them stays. To write takes memory, which a full server may refuse: then the value is
 * removed, which needs none.
 */
const outdating = `${forgetting}
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
  if type(done) ~= 'number' then forget(KEYS[at], ARGV[at]) end
end
if ARGV[#KEYS + 1] then redis.call('PUBLISH', ARGV[#KEYS + 1], ARGV[#KEYS + 2]) end
`;

/*
 * KEYS the keys, ARGV a tombstone each, then their life in ms and the announcement. A tombstone that lasts longer stays. To free memory
 * comes first: after that a full server takes the rest.
 */
const burying = `
for at = 1, #KEYS do
  local held = redis.pcall('GETRANGE', KEYS[at], 0, ${placeholderBytes})
  local isBuried = type(held) == 'string' and #held == ${placeholderBytes} and string.byte(held, ${stateAt + 1}) == ${tombstone}
  if not isBuried or redis.call('PTTL', KEYS[at]) < tonumber(ARGV[#KEYS + 1]) then
    redis.call('UNLINK', KEYS[at])
    redis.call('SET', KEYS[at], ARGV[at], 'PX', ARGV[#KEYS + 1])
  end
end
if ARGV[#KEYS + 2] then redis.call('PUBLISH', ARGV[#KEYS + 2], ARGV[#KEYS + 3]) end
`;

/*
 * KEYS the keys, ARGV a frame each, then their life in ms or "" for no end, 1 if one of the same version is replaced, and the announcement.
 * The version is compared byte by byte: as a number it may be longer than Lua's, and `<` of strings depends on the server's locale.
 * Of a placeholder what lies behind it tells the version. To free memory comes first: after that a full server takes the rest.
 */
const raising = `
local function isAbove(one, other)
  for at = 1, ${versionBytes} do
    local a, b = string.byte(one, at), string.byte(other, at)
    if a ~= b then return a > b end
  end
  return false
end
local put = {}
local life = ARGV[#KEYS + 1]
for at = 1, #KEYS do
  local head = redis.pcall('GETRANGE', KEYS[at], 0, ${placeholderBytes + formatAt})
  local isLower = true
  if type(head) == 'string' and #head > ${stateAt} then
    local state, format = string.byte(head, ${stateAt + 1}), string.byte(head, ${formatAt + 1})
    if state == ${leased} or state == ${awaited} then format = string.byte(head, ${placeholderBytes + formatAt + 1}) end
    if format == ${format} then
      local there, own = redis.call('GETRANGE', KEYS[at], -${versionBytes}, -1), string.sub(ARGV[at], -${versionBytes})
      if ARGV[#KEYS + 2] == '1' then isLower = not isAbove(there, own) else isLower = isAbove(own, there) end
    end
  end
  if isLower then
    redis.call('UNLINK', KEYS[at])
    if life == '' then redis.call('SET', KEYS[at], ARGV[at]) else redis.call('SET', KEYS[at], ARGV[at], 'PX', life) end
  end
  put[at] = isLower and 1 or 0
end
if ARGV[#KEYS + 3] then redis.call('PUBLISH', ARGV[#KEYS + 3], ARGV[#KEYS + 4]) end
return put
`;

/*
 * All change a key whatever is there, so they must keep their place among the commands of a tick: they are sent whole
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

/** Puts frames where nothing of a higher version is, and announces it, in one step. Resolves to whether each was put there. */
export async function announcedRaise(
  client: Redis,
  frames: readonly VersionedFrame[],
  {
    ttlMs,
    replacesEqual,
    announcement,
  }: Pick<Raise, "ttlMs" | "replacesEqual"> & { readonly announcement: Announcement },
): Promise<readonly boolean[]> {
  const [keys, bytes] = [frames.map(({ key }) => key), frames.map(({ frame }) => bufferView(frame))];
  const args = [raising, keys.length, ...keys, ...bytes, lifeText(ttlMs), replacesEqual ? "1" : "0", ...announcement];
  // A client may be set to give numbers as text.
  const put = (await client.call("eval", args)) as readonly unknown[];
  return put.map((each) => Number(each) === 1);
}
