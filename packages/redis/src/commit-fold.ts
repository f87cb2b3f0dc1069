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
 * Of each key five arguments: the revision that it must have, the frame, its life in ms or "" for no end, and a channel and a text if
 * something is announced where somebody waits, else "". Answers for each key 1, 0 for a refusal, or what has failed; a command that
 * fails takes nothing from the other keys. Absent, too short, of another revision, something other than bytes: none of it is the frame.
 * Compared with `==` alone: `<` depends on the server's locale.
 */
const committing = new Script(`
local ends = {}
for place, key in ipairs(KEYS) do
  local at = place * 5 - 5
  local head = redis.pcall('GETRANGE', key, ${stateAt}, ${headTo})
  local reply = 0
  if type(head) == 'table' then
    if not string.find(head.err, 'WRONGTYPE', 1, true) then reply = head end
  elseif #head == ${headTo - stateAt + 1} and string.sub(head, ${revisionFrom - stateAt + 1}) == ARGV[at + 1] then
    if ARGV[at + 3] == '' then reply = redis.pcall('SET', key, ARGV[at + 2])
    else reply = redis.pcall('SET', key, ARGV[at + 2], 'PX', ARGV[at + 3]) end
    if not reply.err and ARGV[at + 4] ~= '' and string.byte(head) == ${awaited} then
      reply = redis.pcall('PUBLISH', ARGV[at + 4], ARGV[at + 5])
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

function endOfCall(given: readonly Given[], from: number): number {
  let to = from;
  let bytes = 0;
  while (to < given.length && to - from < MAX_KEYS && (to === from || bytes < MAX_BYTES)) {
    bytes += given[to]?.commit.frame.byteLength ?? 0;
    to++;
  }
  return to;
}

function replied(client: Redis, given: readonly Given[]): Promise<unknown> {
  const keys: string[] = [];
  const args: (string | Buffer)[] = [];
  for (const { key, commit, waking } of given) {
    const [channel = "", text = ""] = waking;
    keys.push(key);
    args.push(bufferView(commit.expected), bufferView(commit.frame), lifeText(commit.ttlMs), channel, text);
  }
  return committing.replies(client, keys, args);
}

function settle({ resolve, reject }: Given, reply: unknown): void {
  // A client may be set to give numbers as text.
  const end = Number(reply);
  if (Number.isNaN(end)) reject(failureOf(Object.assign(new Error(String(reply)), { name: "ReplyError" })));
  else resolve(end === 1);
}
