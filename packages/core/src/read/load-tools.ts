import type { Ms } from "../contracts/clock.ts";
import type { BatchLoaderContext, LoaderContext, StaleValue } from "../contracts/loader.ts";
import type { EntryRules } from "../entry/rules.ts";
import { LazySignal } from "../lazy-signal.ts";
import { invalidOption, type OptionRule } from "../option-rules.ts";
import { LoadFailure, type Mark, UNCHANGED } from "./loader-outcome.ts";

const LONGEST_ETAG = 1_024;

const keepForRule: OptionRule = {
  allowed: "a number of milliseconds of at least 0",
  accepts: (value) => typeof value === "number" && value >= 0,
};

const etagRule: OptionRule = {
  allowed: `a well-formed string of 1 to ${LONGEST_ETAG} characters`,
  accepts: (value) =>
    typeof value === "string" && value.length > 0 && value.length <= LONGEST_ETAG && value.isWellFormed(),
};

/** The context of a loader of one key, which may be a batch loader that is asked for one. */
export type OneKeyContext = LoaderContext & Pick<BatchLoaderContext, "failed">;

/**
 * The tags of the key at a position, by the names that remote tiers know them by, when its loader has named some more.
 *
 * @throws `INVALID_OPTION`.
 */
export type NamedTags = (position: number, tags: readonly string[], before: readonly string[]) => readonly string[];

/** Takes what a loader has learned of other keys. */
export interface LearnedValues {
  /** @throws `INVALID_OPTION`, `INVALID_KEY` or `INVALID_VALUE` for what it cannot keep. */
  add(namespace: object, key: unknown, value: unknown): void;
}

const NONE: readonly string[] = [];

/** One load's side of its loader's context: for a batch, and for a single key, which is a batch of one. */
export class LoadTools extends LazySignal implements BatchLoaderContext {
  readonly stale: readonly (StaleValue | undefined)[];
  #etags: Map<number, string> | undefined;
  #tags: Map<number, readonly string[]> | undefined;
  readonly #named: NamedTags;
  readonly #learned: LearnedValues;
  #ttlMs: Ms | undefined;
  #hasMarked = false;

  constructor(stale: readonly (StaleValue | undefined)[], named: NamedTags, learned: LearnedValues) {
    super();
    this.stale = stale;
    this.#named = named;
    this.#learned = learned;
  }

  // All are bound, so that a loader may take them out of its context.

  readonly keepFor = (ttlMs: Ms): void => {
    if (!keepForRule.accepts(ttlMs)) throw invalidOption("keepFor", ttlMs, keepForRule);
    this.#ttlMs = ttlMs;
  };

  readonly setEtag = (position: number, etag: string): void => {
    if (!etagRule.accepts(etag)) throw invalidOption("setEtag", etag, etagRule);
    this.#checkPosition("setEtag", position);
    this.#etags ??= new Map();
    this.#etags.set(position, etag);
  };

  readonly addTags = (position: number, tags: readonly string[]): void => {
    this.#checkPosition("addTags", position);
    const named = this.#named(position, tags, this.lateTagsAt(position));
    this.#tags ??= new Map();
    this.#tags.set(position, named);
  };

  readonly keepAlso = (namespace: object, key: unknown, value: unknown): void => {
    this.#learned.add(namespace, key, value);
  };

  readonly unchanged = (): never => this.#marked(UNCHANGED);

  readonly failed = (error: unknown): never => this.#marked(new LoadFailure(error));

  /** Whether the loader has called `unchanged` or `failed`, and so must have returned what it was given by them. */
  get hasMarked(): boolean {
    return this.#hasMarked;
  }

  etagAt(position: number): string | undefined {
    return this.#etags?.get(position);
  }

  /** The tags that the loader has named for a key, as remote tiers know them. */
  lateTagsAt(position: number): readonly string[] {
    return this.#tags?.get(position) ?? NONE;
  }

  /** The namespace's rules, with what the loader has said in their place. */
  rulesOver(rules: EntryRules): EntryRules {
    // What the loader says is of this very value, so it counts for `undefined` too.
    return this.#ttlMs === undefined ? rules : { ...rules, ttlMs: this.#ttlMs, negativeTtlMs: undefined };
  }

  #checkPosition(method: string, position: number): void {
    if (Number.isInteger(position) && position >= 0 && position < this.stale.length) return;
    const allowed = `the position of a key, from 0 to ${this.stale.length - 1}`;
    throw invalidOption(`The position given to ${method}`, position, { allowed });
  }

  #marked(mark: Mark): never {
    this.#hasMarked = true;
    return mark as never;
  }
}

/** The tools of one key as the context of its loader. */
export function ofOneKey(tools: LoadTools): OneKeyContext {
  const { keepFor, keepAlso, unchanged, failed, stale, setEtag, addTags } = tools;
  return {
    get signal() {
      return tools.signal;
    },
    keepFor,
    keepAlso,
    unchanged,
    failed,
    stale: stale[0],
    setEtag: (etag) => setEtag(0, etag),
    addTags: (...tags) => addTags(0, tags),
  };
}
