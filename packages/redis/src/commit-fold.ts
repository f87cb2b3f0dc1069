import { type Commit, FRAME_IDENTITY } from "@tiercache/core";
import type { Redis } from "ioredis";
import type { Announcement } from "./announcement.ts";
import { bufferView } from "./buffer-view.ts";
import type { CommandRoute } from "./command-route.ts";
import { failureOf } from "./failure.ts";
import { lifeText } from "./life.ts";
import { Script } from "./script.ts";

/** A commit that is to be sent, and who waits for its end. */
interface Given {
  readonly key: string;
  readonly commit: Commit;
  /** Announced if somebody waits for the key. */
  readonly waking: Announcement;
  readonly resolve: (isDone: boolean) => void;
  readonly reject: (error: unknown) => void;
}

const { stateAt, revisionFrom, revisionBytes, awaited } = FRAME_IDENTITY;
const headTo = revisionFrom + revisionBytes - 1;

/** How much one call may hold up the server: less than a millisecond. */
const MAX_KEYS = 128;
const MAX_BYTES = 256 * 1_024;

/*
 * ARGV[1] the revisions that the keys must have, one behind the other; [2] the channel on which something is announced where somebody
 * waits. Then of each key three arguments, as each takes the client a microsecond: the frame, its life in ms or "" for no end, and what is
 * announced, else "". Answers for each key 1, 0 for a refusal, or what has failed; a command that fails takes nothing from the other keys.
 * Absent, too short, of another revision, something other than bytes: none of it is the frame. Compared with `==` alone: `<` depends on
 * the server's locale.
 */
const committing = new Script(`
local ends = {}
for place, key in ipairs(KEYS) do
  local at = place * 3
  local expected = string.sub(ARGV[1], place * ${revisionBytes} - ${revisionBytes - 1}, place * ${revisionBytes})
  local head = redis.pcall('GETRANGE', key, ${stateAt}, ${headTo})
  local reply = 0
  if type(head) == 'table' then
    if not string.find(head.err, 'WRONGTYPE', 1, true) then reply = head end
  elseif #head == ${headTo - stateAt + 1} and string.sub(head, ${revisionFrom - stateAt + 1}) == expected then
    if ARGV[at + 1] == '' then reply = redis.pcall('SET', key, ARGV[at])
    else reply = redis.pcall('SET', key, ARGV[at], 'PX', ARGV[at + 1]) end
    if not reply.err and ARGV[at + 2] ~= '' and string.byte(head) == ${awaited} then
      reply = redis.pcall('PUBLISH', ARGV[2], ARGV[at + 2])
    end
    if type(reply) ~= 'table' or not reply.err then reply = 1 end
  end
  ends[place] = type(reply) == 'table' and reply.err or reply
end
return ends
`);

/**
 * Folds the commits of one tick to one server into few calls: a client's work per command and a server's per script are most of what a
 * small one costs. What is put off to the end of a tick may be overtaken by what is sent at once, to which a commit is refused.
 */
export class CommitFold {
  readonly #route: CommandRoute;
  #given: Given[] = [];

  constructor(route: CommandRoute) {
    this.#route = route;
  }

  /**
   * Commits together with all others of this tick; resolves to whether it was done.
   *
   * @throws (rejects) `TIER_FAILED`.
   */
  commit(key: string, commit: Commit, waking: Announcement): Promise<boolean> {
    // Nothing has a revision of another length.
    if (commit.expected.byteLength !== revisionBytes) return Promise.resolve(false);
    return new Promise((resolve, reject) => {
      if (this.#given.length === 0) queueMicrotask(this.#sendSoon);
      this.#given.push({ key, commit, waking, resolve, reject });
    });
  }

  // Only once every promise that is already settled has run its course.
  readonly #sendSoon = (): void => process.nextTick(this.#sendAll);

  readonly #sendAll = (): void => {
    const given = this.#given;
    this.#given = [];
    for (let from = 0; from < given.length; ) {
      const to = this.#route.hasOneServer ? endOfCall(given, from) : from + 1;
      void this.#send(given.length === to - from ? given : given.slice(from, to));
      from = to;
    }
  };

  async #send(given: readonly Given[]): Promise<void> {
    let sent = given;
    let isPutOff = false;
    const send = (client: Redis): Promise<unknown> => {
      // What nobody waits for any longer is not sent.
      if (isPutOff) sent = given.filter(({ commit }) => !commit.signal.aborted);
      return sent.length === 0 ? Promise.resolve([]) : replied(client, sent);
    };
    try {
      const replying = this.#route.run((given[0] as Given).key, send);
      isPutOff = true;
      const replies = (await replying) as readonly unknown[];
      for (const [index, one] of sent.entries()) settle(one, replies[index]);
    } catch (error) {
      for (const { reject } of given) reject(error);
    }
  }
}

/** Those that go in one call: not too many, and by one channel if they announce anything. */
function endOfCall(given: readonly Given[], from: number): number {
  const channel = given[from]?.waking[0];
  let to = from;
  let bytes = 0;
  while (to < given.length && to - from < MAX_KEYS && (to === from || bytes < MAX_BYTES)) {
    const one = given[to] as Given;
    if (one.waking[0] !== channel) break;
    bytes += one.commit.frame.byteLength;
    to++;
  }
  return to;
}

function replied(client: Redis, given: readonly Given[]): Promise<unknown> {
  const keys: string[] = [];
  const revisions = Buffer.alloc(given.length * revisionBytes);
  const args: (string | Buffer)[] = [revisions, given[0]?.waking[0] ?? ""];
  for (const [place, { key, commit, waking }] of given.entries()) {
    keys.push(key);
    revisions.set(commit.expected, place * revisionBytes);
    args.push(bufferView(commit.frame), lifeText(commit.ttlMs), waking[1] ?? "");
  }
  return committing.replies(client, keys, args);
}

function settle({ resolve, reject }: Given, reply: unknown): void {
  // A client may be set to give numbers as text.
  const end = Number(reply);
  if (Number.isNaN(end)) reject(failureOf(Object.assign(new Error(String(reply)), { name: "ReplyError" })));
  else resolve(end === 1);
}
