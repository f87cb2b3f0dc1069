import { areCurrent } from "../entry/freshness.ts";
import type { StampTable } from "./stamp-table.ts";
import type { TagStamp } from "./tag-stamp.ts";

/** What something stands on: a namespace's generation, and tags that are known from the key. */
export interface FootingNames {
  readonly generation: string;
  readonly tags: readonly string[] | undefined;
}

/**
 * The incarnations of a namespace and of tags as they were when something began: what it brings is worth keeping only while
 * they are current.
 */
export class Footing {
  readonly generation: TagStamp;
  readonly stamps: readonly TagStamp[] | undefined;
  /** How many ends of tags there had been. */
  readonly ends: number;
  /** How much had been learned of tags. */
  readonly learned: number;

  private constructor(
    generation: TagStamp,
    stamps: readonly TagStamp[] | undefined,
    { ends, learned }: { readonly ends: number; readonly learned: number },
  ) {
    this.generation = generation;
    this.stamps = stamps;
    this.ends = ends;
    this.learned = learned;
  }

  /** On the incarnations that are current now. */
  static on(table: StampTable, { generation, tags }: FootingNames): Footing {
    const stamps = tags === undefined || tags.length === 0 ? undefined : tags.map((tag) => table.of(tag));
    return new Footing(table.of(generation), stamps, table);
  }

  /** Whether one that is made now would be the same. */
  isLatest({ ends, learned }: Pick<StampTable, "ends" | "learned">): boolean {
    return this.holds && ends === this.ends && learned === this.learned;
  }

  /** Whether all of them are still current. */
  get holds(): boolean {
    return this.generation.isCurrent && (this.stamps === undefined || areCurrent(this.stamps));
  }

  /** All of them. */
  get all(): readonly TagStamp[] {
    return [this.generation, ...(this.stamps ?? [])];
  }

  /** Whether remote tiers can be told of all of them. */
  get isKnown(): boolean {
    return this.generation.token !== undefined && (this.stamps?.every(({ token }) => token !== undefined) ?? true);
  }

  /** Whether that was so before it began. */
  get wasKnown(): boolean {
    const isKnown = ({ learnedAt }: TagStamp): boolean => learnedAt <= this.learned;
    return isKnown(this.generation) && (this.stamps?.every(isKnown) ?? true);
  }

  /**
   * The same, on what a tier was found to have in the place of some: for what has not looked at anything older than that. What has
   * ended in another way stays as it is.
   */
  followed(): Footing {
    if (this.holds) return this;
    return new Footing(latest(this.generation), this.stamps?.map(latest), this);
  }
}

function latest(stamp: TagStamp): TagStamp {
  let last = stamp;
  while (last.replacedBy !== undefined) last = last.replacedBy;
  return last;
}
