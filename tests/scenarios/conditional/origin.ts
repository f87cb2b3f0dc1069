import type { BatchLoaderContext, LoaderContext, StaleValue } from "@tiercache/core";

/** An origin whose values have versions with names, as an HTTP server's have by ETag and 304. */
export class Origin {
  /** The version of every value it has. */
  version = 1;
  /** Whether it names its versions: without names it has to be sent the value to compare. */
  namesVersions = true;
  /** What each load said it still had, oldest first. */
  readonly asked: (StaleValue | undefined)[] = [];

  get etag(): string {
    return `"${this.version}"`;
  }

  readonly load = async (id: string, { stale, setEtag, unchanged }: LoaderContext): Promise<string> => {
    this.asked.push(stale);
    if (this.namesVersions) setEtag(this.etag);
    return this.#has(id, stale) ? unchanged() : this.valueOf(id);
  };

  readonly loadMany = async (
    keys: readonly (readonly [id: string])[],
    { stale, setEtag, unchanged }: BatchLoaderContext,
  ): Promise<string[]> =>
    keys.map(([id], position) => {
      this.asked.push(stale[position]);
      if (this.namesVersions) setEtag(position, this.etag);
      return this.#has(id, stale[position]) ? unchanged() : this.valueOf(id);
    });

  valueOf(id: string): string {
    return `${id} v${this.version}`;
  }

  #has(id: string, stale: StaleValue | undefined): boolean {
    return this.namesVersions ? stale?.etag === this.etag : stale?.value === this.valueOf(id);
  }
}
