import { FRAME_IDENTITY, FRAME_VERSION } from "@tiercache/core";

const { stateAt, revisionFrom, revisionBytes, leased, awaited, tombstone, minimum } = FRAME_IDENTITY;

const placeholderBytes = 64;
const minimumBytes = placeholderBytes + FRAME_VERSION.bytes;

/**
 * Lua: `forget(key, revision)` removes what lies under a key, but for what keeps older values out. A tombstone stays as it is. A minimum
 * stays, also one that lies behind a placeholder, with another revision, so that no load that began before is accepted. To free memory
 * comes first: after that a full server takes the rest.
 */
export const forgetting: string = `
local function forget(key, revision)
  local held = redis.pcall('GETRANGE', key, 0, ${placeholderBytes + minimumBytes})
  if type(held) == 'string' then
    local state = string.byte(held, ${stateAt + 1})
    if state == ${tombstone} and #held == ${placeholderBytes} then return end
    if #held == ${placeholderBytes + minimumBytes} and (state == ${leased} or state == ${awaited}) then
      held = string.sub(held, ${placeholderBytes + 1})
      state = string.byte(held, ${stateAt + 1})
    end
    if state == ${minimum} and #held == ${minimumBytes} then
      local left = string.sub(held, 1, ${revisionFrom}) .. revision .. string.sub(held, ${revisionFrom + revisionBytes + 1})
      local life = redis.call('PTTL', key)
      redis.call('UNLINK', key)
      if life > 0 then redis.call('SET', key, left, 'PX', life) elseif life == -1 then redis.call('SET', key, left) end
      return
    end
  end
  redis.call('UNLINK', key)
end
`;
