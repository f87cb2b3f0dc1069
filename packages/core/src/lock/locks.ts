import { randomBytes } from "node:crypto";
import type { NamespaceListener } from "../bus/announcements.ts";
import type { Ms } from "../contracts/clock.ts";
import { seconds } from "../durations.ts";
import { remoteKeys } from "../entry/key.ts";
import { CacheError } from "../errors.ts";
import { callable, checkOptions, describe, invalidOption } from "../option-rules.ts";
import type { Stack } from "../stack.ts";
import { Grant, type GrantParts, lockLost } from "./grant.ts";
import type { HeldLock } from "./held-lock.ts";
import { type LockClaim, LockLink } from "./lock-link.ts";
import { type LockOptions, lockOptionRules } from "./lock-options.ts";
import { LockOutcome } from "./lock-outcome.ts";
import { LockWaiters } from "./lock-waiters.ts";
import { OwnLock } from "./own-lock.ts";
import { Patience } from "./patience.ts";
import { type Turn, Turns } from "./turns.ts";

/** What stands in place of a namespace's name: none can have this one. */
const FAMILY = "@lock";

const LONGEST_NAME_UNITS = 512;

/** The margin of the default of `waitMs` over a lease. */
const OUTLIVES_BY_MS: Ms = seconds(1);

/** Who waits is woken by the bus; that a wake-up got lost, or that there is no bus, costs so long at the most. */
const ASK_AGAIN_FIRST_MS: Ms = 20;
const ASK_AGAIN_LONGEST_MS: Ms = 500;

/** For how long a tier that does not answer is asked again: one slow answer is not to cost a caller his place. */
const UNREACHABLE_FOR_MS: Ms = seconds(1);

/** One call of `withLock`. */
interface Attempt {
  readonly name: string;
  readonly claim: LockClaim;
  readonly turn: Turn;
  readonly patience: Patience;
  readonly outcome: LockOutcome;
}

/** What is to be done under a lock, and by whom. */
interface Wish<T> {
  readonly waitMs: Ms;
  readonly caller: AbortSignal;
  readonly work: (lock: HeldLock) => T | PromiseLike<T>;
}

/** A lock that is held, and where. */
interface Hold {
  readonly grant: Grant;
  readonly link: LockLink;
  /** How often the tier had lost something before it was asked for. */
  readonly lossesBefore: number;
}

interface Unreachable extends Pick<Attempt, "name" | "claim"> {
  readonly failure: string;
}

/**
 * The locks of one cache. In this process they go round in the order in which they were asked for; among processes by a
 * lease of the farthest remote tier that can lock, as that is the one that most of them share.
 */
export class Locks {
  readonly #stack: Stack;
  readonly #turns = new Turns();
  readonly #waiters = new LockWaiters();
  readonly #keyOf: (name: string) => string;
  /** `undefined` where the cache has no remote tier at all. */
  readonly #link: LockLink | "incapable" | undefined;

  constructor(stack: Stack) {
    this.#stack = stack;
    this.#keyOf = remoteKeys({ prefix: stack.prefix, namespace: FAMILY, composed: false, secret: stack.keySecret });
    this.#link = linkOf(stack);
    const listener: NamespaceListener = {
      invalidated: () => {},
      matching: () => {},
      filled: (names) => {
        for (const name of names) this.#waiters.wake(name);
      },
    };
    stack.announcements.join(FAMILY, listener, stack.keySecret);
  }

  /** See `Cache.withLock`. */
  async run<T>(name: string, options: LockOptions, work: (lock: HeldLock) => T | PromiseLike<T>): Promise<T> {
    const { leaseMs, waitMs = leaseMs + OUTLIVES_BY_MS, signal } = checked(name, options, work);
    const { clock, lifetime, observer } = this.#stack;
    const caller = new AbortController();
    const leave = (): void => caller.abort(signal?.reason);
    const claim = { key: this.#keyOf(name), owner: randomBytes(12).toString("base64url"), leaseMs };
    const closing = { abandon: (reason: CacheError) => caller.abort(reason) };
    lifetime.begin(closing);
    signal?.addEventListener("abort", leave, { once: true });
    if (signal?.aborted) leave();
    const turn = this.#turns.join(name);
    const outcome = new LockOutcome(clock, observer);
    const attempt = { name, claim, turn, patience: new Patience(clock, waitMs, caller.signal), outcome };
    try {
      caller.signal.throwIfAborted();
      if (turn.begun !== undefined && !(await attempt.patience.wait(turn.begun))) throw notAcquired(name, waitMs);
      return await this.#underLock(attempt, { waitMs, work, caller: caller.signal });
    } catch (error) {
      outcome.failed(error);
      throw error;
    } finally {
      turn.end();
      lifetime.done(closing);
      signal?.removeEventListener("abort", leave);
    }
  }

  async #underLock<T>(attempt: Attempt, { waitMs, work, caller }: Wish<T>): Promise<T> {
    const link = this.#link;
    if (link === undefined) return ownLocked(attempt, { caller, work });
    if (link === "incapable") throw unavailable(attempt.name, "none of the cache's remote tiers can lock");
    const lossesBefore = link.losses;
    const grant = await this.#granted(link, attempt, waitMs);
    attempt.outcome.granted();
    const tell = (): void => grant.abandon(caller.reason);
    caller.addEventListener("abort", tell, { once: true });
    return this.#worked({ grant, link, lossesBefore }, attempt, async () => {
      // He may have left, or the cache have been closed, while the last question was under way.
      caller.throwIfAborted();
      return work(grant);
    }).finally(() => caller.removeEventListener("abort", tell));
  }

  /** @throws (rejects) `LOCK_NOT_ACQUIRED`, `LOCK_UNAVAILABLE`, the caller's reason, `CLOSED`. */
  async #granted(link: LockLink, { name, claim, turn, patience }: Attempt, waitMs: Ms): Promise<Grant> {
    const { clock } = this.#stack;
    const waiter = this.#waiters.begin(name);
    let answeredAt = clock.now();
    try {
      for (let askAgainMs = ASK_AGAIN_FIRST_MS; ; askAgainMs = Math.min(askAgainMs * 2, ASK_AGAIN_LONGEST_MS)) {
        const askedAt = clock.now();
        const end = await link.acquire(claim);
        const answer = "answer" in end ? end.answer : undefined;
        // Others of this process must not wait for work that does not heed the loss of its lock.
        if (answer?.isHeld)
          return this.#kept(link, claim, { name, askedAt, token: answer.token, lost: () => turn.end() });
        if (answer !== undefined) answeredAt = clock.now();
        const isGivenUp = patience.leftMs <= 0 || clock.now() - answeredAt >= UNREACHABLE_FOR_MS;
        if ("failure" in end && isGivenUp) throw this.#unreachable(link, { name, claim, failure: end.failure });
        if (isGivenUp) throw notAcquired(name, waitMs);
        const pauseMs = askAgainMs * (0.5 + Math.random() / 2);
        await patience.wait(waiter.woken(), Math.max(1, Math.min(answer?.leftMs ?? pauseMs, pauseMs)));
      }
    } finally {
      this.#waiters.end(name, waiter);
    }
  }

  #kept(link: LockLink, claim: LockClaim, granted: Pick<GrantParts, "name" | "askedAt" | "token" | "lost">): Grant {
    const { clock } = this.#stack;
    return new Grant({ ...granted, clock, leaseMs: claim.leaseMs, prolong: () => link.prolong(claim) });
  }

  /** That the lock was not granted is not known: it may have been done, and only the answer been lost. */
  #unreachable(link: LockLink, { name, claim, failure }: Unreachable): CacheError {
    void link.release(claim, this.#announcement(name));
    return unavailable(name, `its tier could not be reached: ${failure}`);
  }

  /** Does the work, gives the lock back, and tells whether it was held all the time. */
  async #worked<T>(
    { grant, link, lossesBefore }: Hold,
    { name, claim, outcome: told }: Attempt,
    work: () => Promise<T>,
  ): Promise<T> {
    const [outcome] = await Promise.allSettled([work()]);
    const wasHeld = grant.end();
    const wasOurs = await link.release(claim, this.#announcement(name));
    // Nobody else could have it yet; but if the tier knows nothing of it, or may know nothing, somebody else may have had it.
    const isLost = !wasHeld || !(wasOurs ?? link.losses === lossesBefore);
    told.ended(isLost);
    if (outcome.status === "rejected") throw outcome.reason;
    if (isLost) throw lockLost(name);
    return outcome.value;
  }

  #announcement(name: string): string | undefined {
    return this.#stack.bus?.textOf({ kind: "filled", namespace: FAMILY, ids: [name] }, this.#stack.keySecret).text;
  }
}

/** Does work under a lock of this process alone. */
async function ownLocked<T>(
  { name, outcome }: Pick<Attempt, "name" | "outcome">,
  { caller, work }: Pick<Wish<T>, "caller" | "work">,
): Promise<T> {
  outcome.granted();
  try {
    return await work(new OwnLock(name, caller));
  } finally {
    outcome.ended(false);
  }
}

function linkOf({ links }: Stack): LockLink | "incapable" | undefined {
  if (links.length === 0) return undefined;
  const link = links.findLast(({ lock }) => lock !== undefined);
  if (link?.lock === undefined) return "incapable";
  // Caches listen to the nearest bus alone.
  const announces = link === links.find(({ hasBus }) => hasBus);
  return new LockLink(link.lock, announces, link);
}

/** @throws `INVALID_KEY`, `INVALID_OPTION`. */
function checked(name: unknown, options: LockOptions, work: unknown): LockOptions {
  if (typeof name !== "string" || name === "" || name.length > LONGEST_NAME_UNITS) {
    const allowed = `a string of 1 to ${LONGEST_NAME_UNITS} UTF-16 code units`;
    throw new CacheError("INVALID_KEY", `The name of a lock is ${describe(name)}; allowed is ${allowed}.`);
  }
  checkOptions("withLock", options, lockOptionRules);
  if (options?.leaseMs === undefined) throw invalidOption("withLock.leaseMs", undefined, lockOptionRules.leaseMs);
  if (!callable.accepts(work)) throw invalidOption("The work given to withLock", work, callable);
  return options;
}

function notAcquired(name: string, waitMs: Ms): CacheError {
  return new CacheError("LOCK_NOT_ACQUIRED", `The lock ${describe(name)} was held by another for all of ${waitMs} ms.`);
}

function unavailable(name: string, why: string): CacheError {
  return new CacheError("LOCK_UNAVAILABLE", `The lock ${describe(name)} is not to be had: ${why}.`);
}
