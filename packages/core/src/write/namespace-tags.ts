import { CacheError } from "../errors.ts";
import type { Footing } from "../tags/footing.ts";
import { checkedTags, MAX_TAGS } from "../tags/tag-rules.ts";
import type { TagStamp } from "../tags/tag-stamp.ts";
import type { Tags } from "../tags/tags.ts";
import { resultOf, type WriteResult } from "./remote-options.ts";

/** Makes the tags of a key from its arguments. */
export type TagsOf = (...args: never) => readonly string[];

/** What the tags of a namespace are made of. */
export interface NamespaceTagsParts {
  readonly namespace: string;
  /** `undefined` where no tag is known from a key. */
  readonly tagsOf: TagsOf | undefined;
  /** The namespace has been cleared, here or elsewhere. */
  readonly cleared: () => void;
  /** Knows of work that nobody waits for. */
  readonly track: (work: Promise<unknown>) => void;
}

const NONE: readonly string[] = [];

/** The tags of one namespace's keys, and its generation. All tags are named as remote tiers know them. */
export class NamespaceTags {
  /** The name of the generation. */
  readonly generation: string;
  readonly #tags: Tags;
  readonly #namespace: string;
  readonly #tagsOf: TagsOf | undefined;
  readonly #generationAlone: readonly string[];
  readonly #track: (work: Promise<unknown>) => void;
  /** What keys without tags stand on, until something ends or is learned. */
  #footing: Footing | undefined;
  /** Whether loads name tags that nobody can know before: not known before the first one has ended. */
  #namesLate: boolean | undefined;

  constructor(tags: Tags, { namespace, tagsOf, cleared, track }: NamespaceTagsParts) {
    this.#tags = tags;
    this.#namespace = namespace;
    this.#tagsOf = tagsOf;
    this.#track = track;
    this.generation = tags.names.ofGeneration(namespace);
    this.#generationAlone = [this.generation];
    tags.table.pin(this.generation, cleared);
  }

  /**
   * The tags that are known from a key's arguments, and more; `undefined` for none.
   *
   * @throws {@link CacheError} `INVALID_OPTION` where they are none, are too many, or the function that is declared for them throws.
   */
  of(args: readonly unknown[], more: readonly string[] = []): readonly string[] | undefined {
    const declared = this.#declared(args);
    if (declared.length + more.length === 0) return undefined;
    const all = checkedTags(`The tags of an entry of namespace "${this.#namespace}"`, [...declared, ...more], MAX_TAGS);
    return all.map((tag) => this.#tags.names.ofTag(tag));
  }

  /**
   * Tags that a loader has named, besides those that were known before.
   *
   * @throws {@link CacheError} `INVALID_OPTION`.
   */
  named(tags: readonly string[], known: readonly string[]): readonly string[] {
    this.#namesLate = true;
    const named = checkedTags("addTags", tags).map((tag) => this.#tags.names.ofTag(tag));
    const all = new Set([...known, ...named]);
    if (all.size <= MAX_TAGS) return [...all];
    throw new CacheError(
      "INVALID_OPTION",
      `addTags makes ${all.size} tags of one entry; allowed are at most ${MAX_TAGS}.`,
    );
  }

  /**
   * @throws {@link CacheError} `INVALID_OPTION` in place of what the declared function throws: an error of the declaration, not of
   * the origin.
   */
  #declared(args: readonly unknown[]): readonly string[] {
    if (this.#tagsOf === undefined) return NONE;
    const owner = `namespace "${this.#namespace}".tags`;
    let made: unknown;
    try {
      made = Reflect.apply(this.#tagsOf, undefined, args);
    } catch (cause) {
      throw new CacheError("INVALID_OPTION", `${owner} throws; allowed is a function that returns tags.`, { cause });
    }
    return checkedTags(`What ${owner} returns`, made, MAX_TAGS);
  }

  /** What something that begins now stands on. */
  footing(tags: readonly string[] | undefined): Footing {
    if (tags !== undefined) return this.#tags.footing({ generation: this.generation, tags });
    if (this.#footing?.isLatest(this.#tags.table) !== true) {
      this.#footing = this.#tags.footing({ generation: this.generation, tags });
    }
    return this.#footing;
  }

  /** Learns what is not known for sure of a footing. @returns `undefined` where all of it is. */
  ready({ generation, stamps = [] }: Footing): Promise<void> | undefined {
    return this.#tags.ready([generation.tag, ...stamps.map(({ tag }) => tag)]);
  }

  /** Ends the generation: nothing that the namespace holds answers any longer. */
  clear(): Promise<WriteResult> {
    return resultOf(this.#tags.clear([this.#namespace]));
  }

  /** As {@link clear}, for what somebody else tells of. */
  forget(): Promise<WriteResult> {
    return resultOf(this.#tags.forget([this.#namespace]));
  }

  /** The names of everything that some keys' frames may belong to, as far as it is known. One may come twice. */
  everyNameOf(questions: readonly { readonly tags: readonly string[] | undefined }[]): readonly string[] {
    let names: string[] | undefined;
    for (const { tags } of questions) if (tags !== undefined) (names ??= [this.generation]).push(...tags);
    return names ?? this.#generationAlone;
  }

  /**
   * Whether nobody who comes now can be harmed by joining what began on a footing: a tag that has ended since could yet turn out to
   * be one of its own.
   */
  mayJoin(footing: Footing): boolean {
    return this.#namesLate === false || this.isUntouched(footing);
  }

  /** Whether no tag at all has ended since something began. */
  isUntouched({ ends }: Footing): boolean {
    return ends === this.#tags.table.ends;
  }

  /** A load has ended. One that has named none says that others will not either; the first one that does, that they may. */
  loaded(): void {
    this.#namesLate ??= false;
  }

  /** Learns tags that were named late, so that the next time they are known before. Nobody waits for it. */
  learnForNextTime(names: readonly string[]): void {
    const learning = this.#tags.ready(names);
    if (learning !== undefined) this.#track(learning);
  }

  /** Whether one of some tags has ended since something began, as far as this process has heard of it, or may have. */
  haveEnded(names: readonly string[], { ends }: Footing): boolean {
    return names.some((name) => this.#tags.table.hasEndedSince(name, ends));
  }

  /** The stamp of a tag that was named late: `undefined` where it may have ended since. */
  lateStamp(name: string, since: Footing): TagStamp | undefined {
    return this.#tags.lateStamp(name, since);
  }
}
