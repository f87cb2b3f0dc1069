import { escapedPart } from "../entry/key.ts";
import { hiddenPart, type KeySecret } from "../entry/key-secret.ts";

/** What the names of tags in the remote tiers are made with. */
export interface TagNameParts {
  /** Of the cache, with its `/`; may be empty. */
  readonly prefix: string;
  /** Hides the tags: they name people as keys do. */
  readonly secret: KeySecret | undefined;
}

/**
 * How the remote tiers know tags and generations: a tag by its name, escaped, or by a hash in its place; the generation of a
 * namespace by its name behind a `:`, which no escaped tag has in it.
 */
export class TagNames {
  readonly #prefix: string;
  readonly #secret: KeySecret | undefined;

  constructor({ prefix, secret }: TagNameParts) {
    this.#prefix = prefix;
    this.#secret = secret;
  }

  /** The name of a tag, as it stands in frames and announcements. */
  ofTag(tag: string): string {
    const escaped = escapedPart(tag);
    return this.#secret === undefined ? escaped : hiddenPart(`${this.#prefix}:tag:`, escaped, this.#secret);
  }

  /** The name of a namespace's generation. */
  ofGeneration(namespace: string): string {
    return `:${namespace}`;
  }

  /** Whether a name is that of a generation. */
  isGeneration(name: string): boolean {
    return name.startsWith(":");
  }

  /** The key of a token in the remote tiers. No namespace has a name that is empty, so that it is the key of nothing else. */
  keyOf(name: string): string {
    return this.isGeneration(name) ? `${this.#prefix}:generation${name}` : `${this.#prefix}:tag:${name}`;
  }
}
