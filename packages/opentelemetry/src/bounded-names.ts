/** How OpenTelemetry calls what is not worth a name of its own. */
const OTHER = "_OTHER";

/** Lets the first few names through, and calls all others by one: an attribute's values must be few, whatever clients make up. */
export class BoundedNames {
  readonly #most: number;
  readonly #names = new Set<string>();

  constructor(most: number) {
    this.#most = most;
  }

  nameOf(name: string): string {
    if (this.#names.has(name)) return name;
    if (this.#names.size >= this.#most) return OTHER;
    this.#names.add(name);
    return name;
  }
}
