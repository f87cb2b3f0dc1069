import type { KeyOf } from "./contracts/key.ts";
import type { Loader } from "./contracts/loader.ts";
import { isWholeId } from "./entry/key-digest.ts";
import { FrontDoor } from "./front-door.ts";

/**
 * The {@link FrontDoor} of a namespace whose key is one string. Nearly always that is its id as it is, and a hit need not
 * even make a list of its arguments: it allocates nothing. Whatever is no hit goes the way of all keys.
 */
export class PlainDoor<V> extends FrontDoor<[id: string], V> {
  /** @param more - Nothing; what stands there is refused. */
  override get(id: string, more?: undefined): Promise<V | undefined> {
    const hit = isWholeId(id) && more === undefined ? this.hitOf(id) : undefined;
    return hit ?? (more === undefined ? super.get(id) : super.get(...([id, more] as unknown as [id: string])));
  }

  override getOrLoad(key: KeyOf<[id: string]>, load: Loader<[id: string], V>): Promise<V> {
    const hit = isWholeId(key) && typeof load === "function" ? this.hitOf(key) : undefined;
    return hit ?? super.getOrLoad(key, load);
  }

  override peek(id: string, more?: undefined): V | undefined {
    const held = isWholeId(id) && more === undefined ? this.freshOf(id) : undefined;
    if (held !== undefined) return held.value;
    return more === undefined ? super.peek(id) : super.peek(...([id, more] as unknown as [id: string]));
  }
}
