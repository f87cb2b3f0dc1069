import type { Scan } from "../contracts/scan.ts";
import { idOfEscaped } from "../entry/key.ts";
import { KeyPattern } from "../entry/key-pattern.ts";
import { CacheError } from "../errors.ts";
import { checkOptions, type OptionRule, trueOrFalse } from "../option-rules.ts";
import { calling } from "../remote/call-parts.ts";
import type { RemoteLink } from "../remote/remote-link.ts";
import type { Family } from "./family.ts";
import { asRequired, DONE, QUEUED, type RemoteOptions, remoteOptionRules, type WriteResult } from "./remote-options.ts";
import { deletion } from "./retraction.ts";
import type { WritePath } from "./write-path.ts";

/** What is asked for with a pattern. */
export interface PatternOptions extends RemoteOptions {
  /** Whether the pattern may begin with `*` or `?`, so that every key of the namespace is looked at. @defaultValue false */
  readonly allowUnbounded?: boolean;
}

const patternOptionRules: Readonly<Record<keyof PatternOptions, OptionRule>> = {
  allowUnbounded: trueOrFalse,
  ...remoteOptionRules,
};

/** The most keys that are removed by one call. */
const MAX_KEYS_PER_REMOVAL = 512;

/** How looking for keys has ended: `undefined` where nothing is left of them, else why that is not known. */
type LookEnd = undefined | { readonly tier: string; readonly why: "no-scan" | "failed" };

/** How many keys were found and removed; one that is found twice counts twice. */
interface Removed {
  keys: number;
}

/** Forgets the keys that match a pattern, in all tiers and processes. */
export class PatternPath<V> {
  readonly #family: Family<V>;
  readonly #writePath: WritePath<V>;

  constructor(family: Family<V>, writePath: WritePath<V>) {
    this.#family = family;
    this.#writePath = writePath;
  }

  /**
   * Forgets what matches. Where a tier cannot say which keys these are, everything in the namespace is taken for forgotten: too
   * much is safe, too little is not.
   *
   * @throws (rejects) {@link CacheError} `INVALID_OPTION`; `CLOSED`; `TIER_FAILED` where `requireRemote` asks for it.
   */
  async invalidate(pattern: unknown, options: PatternOptions | undefined): Promise<WriteResult> {
    const checked = this.#checked(pattern, options);
    this.#family.stack.lifetime.assertOpen();
    return asRequired(this.#forgotten(checked), options);
  }

  #checked(pattern: unknown, options: PatternOptions | undefined): KeyPattern {
    const { name, composed, hidesKeys } = this.#family;
    const owner = `${name}.invalidatePattern`;
    checkOptions(owner, options, patternOptionRules);
    if (hidesKeys) {
      const instead = "use tags, or clear()";
      throw new CacheError(
        "INVALID_OPTION",
        `${owner} needs keys that can be read; those of "${name}" are hidden by hashKeys: ${instead}.`,
      );
    }
    return KeyPattern.checked(owner, pattern, { composed, allowUnbounded: options?.allowUnbounded ?? false });
  }

  async #forgotten(pattern: KeyPattern): Promise<WriteResult> {
    const { name, tags, tierWrite, stack } = this.#family;
    const losses = stack.remotes.map((tier) => tier.losses.count);
    const removed: Removed = { keys: 0 };
    const known = this.#retract(pattern, false);
    // Who is about to keep what he has learned of a key does not know what a scan has found and passed.
    if (tierWrite.needed) await this.#announced(pattern);
    const end = tierWrite.needed ? await this.#removedEverywhere(pattern, known, removed) : undefined;
    let result = DONE;
    let fellBack = end;
    if (tierWrite.needed && end === undefined) {
      result = (await this.#announced(pattern)) ? DONE : QUEUED;
      // A server that came back with older data meanwhile may have keys again that were found, and others that were not.
      const lost = stack.remotes.find((tier, index) => tier.losses.count !== losses[index]);
      if (lost !== undefined) fellBack = { tier: lost.name, why: "failed" };
    }
    if (fellBack !== undefined) result = await tags.forget();
    this.#family.observe({
      type: "pattern-invalidated",
      namespace: name,
      keys: removed.keys,
      status: result.status,
      ...fellBack,
    });
    return result;
  }

  /** Takes what matches from this process. Returns the ids that it had something of. */
  #retract(pattern: KeyPattern, isAgain: boolean): readonly string[] {
    const ids = this.#family.retractMatching(pattern, (id) => isAgain && this.#writePath.wasSet(id));
    return isAgain ? ids : [...ids, ...this.#writePath.waitingIds.filter((id) => this.#family.isMatch(id, pattern))];
  }

  async #removedEverywhere(pattern: KeyPattern, known: readonly string[], removed: Removed): Promise<LookEnd> {
    const tiers = this.#family.stack.remotes.toReversed();
    const unable = tiers.find(({ scan }) => scan === undefined);
    if (unable !== undefined) return { tier: unable.name, why: "no-scan" };
    // What this process is writing may reach a tier behind the scan.
    const [nearest] = this.#family.stack.remotes;
    if (nearest !== undefined && !(await this.#removed(known, removed))) return { tier: nearest.name, why: "failed" };
    for (const tier of tiers) {
      if (tier.scan === undefined || !(await this.#removedFrom(tier, tier.scan, { pattern, removed })))
        return { tier: tier.name, why: "failed" };
      this.#retract(pattern, true);
    }
    return undefined;
  }

  async #removedFrom(
    { calls }: RemoteLink,
    scan: Scan,
    { pattern, removed }: { readonly pattern: KeyPattern; readonly removed: Removed },
  ): Promise<boolean> {
    const beginning = this.#family.keyBeginning;
    const prefix = `${beginning}${pattern.prefix}`;
    let cursor: string | undefined;
    do {
      const from = cursor;
      const end = await calls.make("scan", (call) => scan.step(prefix, Object.assign(calling(call), { cursor: from })));
      if ("failure" in end) return false;
      const found = end.answer.keys.filter((key) => key.startsWith(beginning));
      const matching = found.filter((key) => pattern.matches(key.slice(beginning.length)));
      const ids = matching.map((key) => this.#idOf(key)).filter((id) => id !== undefined);
      if (!(await this.#removed([...new Set(ids)], removed))) return false;
      cursor = end.answer.cursor;
    } while (cursor !== undefined);
    return true;
  }

  /** The id of a key; `undefined` for a key that nobody of ours reads. */
  #idOf(key: string): string | undefined {
    const { keyBeginning, composed } = this.#family;
    if (!key.isWellFormed()) return undefined;
    const id = idOfEscaped(key.slice(keyBeginning.length), composed);
    return this.#family.remoteKey(id) === key ? id : undefined;
  }

  async #removed(ids: readonly string[], removed: Removed): Promise<boolean> {
    const retraction = deletion(this.#family.rules, undefined);
    for (let from = 0; from < ids.length; from += MAX_KEYS_PER_REMOVAL) {
      const group = ids.slice(from, from + MAX_KEYS_PER_REMOVAL);
      const { status } = await this.#writePath.remove(group, retraction);
      if (status !== "done") return false;
      removed.keys += group.length;
    }
    return true;
  }

  /** Has other processes forget what matches, also what the remote tiers have not any longer. Resolves to whether they were told. */
  async #announced({ text: pattern }: KeyPattern): Promise<boolean> {
    const { name: namespace, stack } = this.#family;
    const announce = stack.bus?.textOf({ kind: "matching", namespace, pattern }).text;
    // Nothing ever lies under this key: no namespace has a name that is empty.
    const keys = [`${stack.prefix}:pattern:${namespace}`];
    const told = stack.remotes.map((tier) =>
      tier.remove({ keys, announce: tier.hasBus ? announce : undefined, namespace, unlisted: true }),
    );
    return (await Promise.all(told)).every(Boolean);
  }
}
