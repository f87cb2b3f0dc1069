import type { BusLink } from "../bus/bus-link.ts";
import type { BusMessage } from "../bus/bus-message.ts";
import type { Clock } from "../contracts/clock.ts";
import type { RemoteLink } from "../remote/remote-link.ts";
import type { Removal } from "../remote/removal.ts";
import type { StampTable } from "./stamp-table.ts";
import type { TagNames } from "./tag-names.ts";
import { GONE } from "./tag-stamp.ts";
import type { TokenHome } from "./token-home.ts";
import { MAX_FORMER, newToken, recordBytes, type TokenRecord, tokenRevision } from "./token-record.ts";

/** What is needed to end tokens. */
export interface TokenEndsParts {
  readonly table: StampTable;
  readonly names: TagNames;
  readonly clock: Clock;
  readonly bus: BusLink | undefined;
  /** `undefined` where there is no remote tier. */
  readonly home: { readonly link: RemoteLink; readonly tokens: TokenHome } | undefined;
}

/** How often a record is looked at again that somebody else has replaced meanwhile. */
const MAX_TRIES = 3;

/** Ends incarnations of tags and generations, here and in the tier where their tokens lie. Nothing here rejects. */
export class TokenEnds {
  readonly #parts: TokenEndsParts;

  constructor(parts: TokenEndsParts) {
    this.#parts = parts;
  }

  /** Ends tags and generations for good. Resolves to whether the tier has followed. If not, it will as soon as it can. */
  async delete(names: readonly string[], announcement: BusMessage): Promise<boolean> {
    this.#end(names, GONE);
    const done = await this.#removed(names, announcement);
    // What was read in between may have been the old tokens.
    if (this.#parts.home !== undefined) this.#end(names, GONE);
    return done;
  }

  /** Ends generations for good, and has the tier told before it is read again. */
  deleteLater(names: readonly string[]): void {
    const { home } = this.#parts;
    this.#end(names, GONE);
    home?.link.replaced(this.#removal(home.link, names, { kind: "tags-deleted", names }), false);
  }

  /**
   * Ends tags so that what was made under them may still answer where a load fails. Resolves to whether the tier has followed;
   * one that cannot remember what was invalidated, or is not sure of it, takes it as deleted.
   */
  async invalidate(names: readonly string[]): Promise<boolean> {
    const { clock, home, table } = this.#parts;
    const records = names.map((name) => this.#knownRecord(name));
    const endedAt = clock.now();
    this.#end(names, endedAt);
    if (home === undefined) return true;
    const replacing = names.map((name, index) => this.#replaced(name, records[index]));
    const replaced = await Promise.all(replacing);
    for (const [index, name] of names.entries()) {
      // What was read in between may have been the old token, but for the one that it was replaced by.
      if (table.known(name)?.token !== replaced[index] || replaced[index] === undefined) table.end(name, endedAt);
    }
    const others = names.filter((_, index) => replaced[index] === undefined);
    if (others.length === 0) return true;
    const removed = await this.#removed(others, { kind: "tags-invalidated", names: others });
    this.#end(others, endedAt);
    return removed;
  }

  #end(names: readonly string[], endedAt: number): void {
    for (const name of names) this.#parts.table.end(name, endedAt);
  }

  async #removed(names: readonly string[], announcement: BusMessage): Promise<boolean> {
    const { home } = this.#parts;
    if (home === undefined || names.length === 0) return true;
    return home.link.remove(this.#removal(home.link, names, announcement));
  }

  #removal({ hasBus }: RemoteLink, names: readonly string[], announcement: BusMessage): Removal {
    const { bus, names: tagNames } = this.#parts;
    const announce = hasBus ? bus?.textOf(announcement).text : undefined;
    return { keys: names.map((name) => tagNames.keyOf(name)), announce };
  }

  /** What the tier is taken to have, by what this process knows. */
  #knownRecord(name: string): TokenRecord | undefined {
    const { home, table, clock } = this.#parts;
    const stamp = table.known(name);
    const shiftMs = home?.link.shiftMs();
    if (stamp?.token === undefined || shiftMs === undefined) return undefined;
    const now = clock.now();
    const [{ token } = stamp, ...former] = stamp.formerTokens(now);
    return token === undefined ? undefined : { token, expiresAt: stamp.expiresAt, former: inTime(former, shiftMs) };
  }

  /**
   * Puts a new token in the place of the one that a tier has. Resolves to the new one; `undefined` where it could not be done, or
   * nobody knows whether it was.
   */
  async #replaced(name: string, known: TokenRecord | undefined): Promise<bigint | undefined> {
    const { home } = this.#parts;
    if (home === undefined || !home.link.isFenced) return undefined;
    let record = known ?? (await home.tokens.look(name));
    for (let left = MAX_TRIES; left > 0 && record !== undefined && record !== "unreachable"; left--) {
      const next = newToken();
      const end = await this.#commit(name, record, next);
      if (end === "committed") return next;
      if (end === "failed") return undefined;
      record = await home.tokens.look(name);
    }
    return undefined;
  }

  async #commit(name: string, old: TokenRecord, token: bigint): Promise<"committed" | "refused" | "failed"> {
    const { home, names, clock, bus } = this.#parts;
    if (home === undefined) return "failed";
    const { link, tokens } = home;
    const key = names.keyOf(name);
    const announce = link.hasBus ? bus?.textOf({ kind: "tags-invalidated", names: [name] }).text : undefined;
    const frame = {
      key,
      remainingMs: () => tokens.lifeMs,
      bytes: (shiftMs: number) => {
        const now = clock.now() + shiftMs;
        const former = [{ token: old.token, endedAt: now }, ...old.former].slice(0, MAX_FORMER);
        return recordBytes({ token, expiresAt: now + tokens.lifeMs, former });
      },
    };
    const end = await link.commit(frame, tokenRevision(old.token), announce);
    // A server that comes back with what it had before has to be told again: by a removal, as nobody knows what it has then.
    if (end === "committed") link.replaced({ keys: [key], announce }, true);
    return end;
  }
}

function inTime(former: TokenRecord["former"], shiftMs: number): TokenRecord["former"] {
  return former.map(({ token, endedAt }) => ({ token, endedAt: endedAt + shiftMs }));
}
