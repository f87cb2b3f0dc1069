import type { Lock, LockCall, LockEnd, LockRelease, Ms, ProlongCall } from "@tiercache/core";
import type { AnnouncingBus } from "./announcing-bus.ts";
import type { CommandRoute } from "./command-route.ts";
import { wholeMs } from "./life.ts";
import { Script } from "./script.ts";

/** How long the last token outlives its lease, so that a clock that is set back does not make the next one smaller. */
const TOKEN_OUTLIVES_MS: Ms = 60 * 60 * 1_000;

/*
 * What lies under the key of a lock, as text: its last token; when the lease ends, in µs of the server's time; whether
 * somebody waits for it; and who holds it, empty once it has been released. So the last token stays when the lease has ended.
 * What looks otherwise is not touched.
 *
 * Every script begins with this: KEYS[1] is the lock, ARGV[1] who asks. Numbers of µs are exact in Lua until the year 2255.
 * `isMine` and `isRunning` say who holds it and whether his lease still runs.
 */
const asItIs = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local held = redis.call('GET', KEYS[1])
local token, ends, awaited, owner = 0, 0, '0', ''
if held then
  token, ends, awaited, owner = string.match(held, '^(%d+) (%d+) ([01]) (.*)$')
  if not token then return redis.error_reply('NOTALOCK there is something else') end
  token, ends = tonumber(token), tonumber(ends)
end
local isRunning = owner ~= '' and ends > now
local isMine = isRunning and owner == ARGV[1]
local function text(who)
  return string.format('%.0f %.0f %s %s', token, ends, awaited, who)
end
`;

/** ARGV[2] the lease in µs, ARGV[3] what the token must be above, ARGV[4] the life of the key in ms. */
const acquiring = new Script(`${asItIs}
if isRunning and not isMine then
  if awaited == '0' then
    awaited = '1'
    redis.call('SET', KEYS[1], text(owner), 'KEEPTTL')
  end
  return {0, string.format('%.0f', ends - now)}
end
if not isMine then
  token = math.max(token + 1, ARGV[3] + 1, now)
  awaited = '0'
end
ends = now + ARGV[2]
redis.call('SET', KEYS[1], text(ARGV[1]), 'PX', ARGV[4])
return {1, string.format('%.0f', token)}
`);

/*
 * A server that has no memory left takes what follows on a change that needs none: so a lock that is held can be kept and given
 * back there.
 */

/** ARGV[2] the lease in µs, ARGV[3] the life of the key in ms. */
const prolonging = new Script(`${asItIs}
if not isMine then return 0 end
ends = now + ARGV[2]
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('SET', KEYS[1], text(owner), 'PX', ARGV[3])
return 1
`);

/** ARGV[2] the life of the key in ms, ARGV[3] and [4] what is announced if somebody waits. */
const releasing = new Script(`${asItIs}
if not isMine then return 0 end
local wasAwaited = awaited == '1'
awaited = '0'
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('SET', KEYS[1], text(''), 'PX', ARGV[2])
if ARGV[3] and wasAwaited then redis.call('PUBLISH', ARGV[3], ARGV[4]) end
return 1
`);

/** What locks are made of. */
export interface RedisLockParts {
  readonly route: CommandRoute;
  /** Tells what is announced. */
  readonly bus: Pick<AnnouncingBus, "waking">;
}

/** Locks by lease, each call a script of one key. */
export class RedisLock implements Lock {
  readonly #route: CommandRoute;
  readonly #bus: RedisLockParts["bus"];

  constructor({ route, bus }: RedisLockParts) {
    this.#route = route;
    this.#bus = bus;
  }

  acquire(key: string, call: LockCall): Promise<LockEnd> {
    const { owner, leaseMs, above } = call;
    const args = [owner, microseconds(leaseMs), String(above), keyLife(leaseMs)];
    return this.#route.run(
      key,
      async (client) => {
        const [isHeld, number] = (await acquiring.reply(client, key, args)) as readonly unknown[];
        return Number(isHeld) === 1
          ? { isHeld: true, token: Number(number) }
          : { isHeld: false, leftMs: Number(number) / 1_000 };
      },
      call,
    );
  }

  prolong(key: string, call: ProlongCall): Promise<boolean> {
    const args = [call.owner, microseconds(call.leaseMs), keyLife(call.leaseMs)];
    return this.#route.run(key, (client) => prolonging.run(client, key, args), call);
  }

  release(key: string, release: LockRelease): Promise<boolean> {
    const { owner, announce } = release;
    return this.#route.run(
      key,
      (client) => releasing.run(client, key, [owner, keyLife(0), ...this.#bus.waking(announce)]),
      release,
    );
  }
}

/** A lease as the scripts count: whole µs, rounded up. */
function microseconds(leaseMs: Ms): string {
  return String(Math.ceil(leaseMs * 1_000));
}

function keyLife(leaseMs: Ms): string {
  return String(wholeMs(leaseMs + TOKEN_OUTLIVES_MS));
}
