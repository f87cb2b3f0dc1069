import type { Certificate } from "../bus/certificate.ts";
import type { Clock, Ms } from "../contracts/clock.ts";
import type { Token } from "../contracts/stamp.ts";
import { days } from "../durations.ts";
import type { RemoteLink } from "../remote/remote-link.ts";
import type { StampTable } from "./stamp-table.ts";
import type { TagNames } from "./tag-names.ts";
import type { FoundToken, TagStamp } from "./tag-stamp.ts";
import { newToken, readRecord, recordBytes, recordHeader, type TokenRecord } from "./token-record.ts";

/** What a home needs besides its tier. */
export interface TokenHomeParts {
  readonly table: StampTable;
  readonly names: TagNames;
  readonly clock: Clock;
  readonly certificate: Certificate;
  /** Whether this process hears of every end of a token there. */
  readonly isHeard: boolean;
}

/** What was read of some names: their incarnations as of then; of one that has ended meanwhile, nothing. */
export type ReadStamps = ReadonlyMap<string, TagStamp | "unreachable"> | "unreachable";

/**
 * How long a token is kept after it was last made use of; its second half is when it is prolonged. What outlives its token is a
 * miss, so it is far more than values live.
 */
const TOKEN_LIFE_MS: Ms = days(30);

/**
 * The remote tier in which tokens lie, all of a cache in one, whichever tiers hold the frames. Nothing here rejects; what
 * is found goes into the table.
 */
export class TokenHome {
  readonly #link: RemoteLink;
  readonly #parts: TokenHomeParts;
  /** The names that are going to be read in this tick. */
  #asked: { readonly names: Set<string>; readonly reading: Promise<ReadStamps> } | undefined;
  readonly #minting = new Map<string, Promise<void>>();
  /** Under whose keys something else lies. */
  readonly #foreign = new Set<string>();

  constructor(link: RemoteLink, parts: TokenHomeParts) {
    this.#link = link;
    this.#parts = parts;
  }

  /** How long a token is kept that is made or prolonged now. */
  get lifeMs(): Ms {
    return TOKEN_LIFE_MS;
  }

  /** Whether what is known of an incarnation need not be read again: its end would have been heard. */
  trusts({ token, epoch }: TagStamp): boolean {
    const { certificate, clock, isHeard } = this.#parts;
    return isHeard && token !== undefined && epoch === certificate.epoch && clock.now() < certificate.until;
  }

  /** Whether this process has ended whatever token lies there under a name, and the tier could not be told yet. */
  hasEnded(name: string): boolean {
    return this.#link.isToForget(this.#parts.names.keyOf(name));
  }

  /** Reads tokens, together with all others and with all frames that are asked for in this tick. */
  read(names: readonly string[]): Promise<ReadStamps> {
    if (this.#asked === undefined) {
      const all = new Set<string>();
      this.#asked = { names: all, reading: Promise.resolve().then(() => this.#readAll([...all])) };
    }
    for (const name of names) this.#asked.names.add(name);
    return this.#asked.reading;
  }

  /** Makes a token for each name that has none. Whoever is quicker gives his to all. */
  mint(names: readonly string[]): Promise<unknown> {
    const fresh = names.filter((name) => !this.#minting.has(name));
    const minting = this.#minted(fresh).finally(() => {
      for (const name of fresh) this.#minting.delete(name);
    });
    for (const name of fresh) this.#minting.set(name, minting);
    return Promise.all(names.map((name) => this.#minting.get(name) ?? Promise.resolve()));
  }

  /**
   * Somebody makes use of an incarnation: what is used lives on, and as long as what is made under it.
   *
   * @param until - When that is over.
   */
  use(stamp: TagStamp, until: Ms = Number.NEGATIVE_INFINITY): void {
    const now = this.#parts.clock.now();
    const neededMs = Math.max(TOKEN_LIFE_MS / 2, until - now);
    if (now + neededMs <= stamp.keptUntil || stamp.token === undefined || !this.#link.canRenew) return;
    // Twice as long as it is needed, so that not everything that is made asks for it anew.
    const lifeMs = 2 * neededMs;
    stamp.keptUntil = now + lifeMs;
    void this.#prolong(stamp, stamp.token, lifeMs);
  }

  /** What lies there now under a name, beside the table; `undefined` for nothing. */
  async look(name: string): Promise<TokenRecord | "unreachable" | undefined> {
    const found = await this.#link.read([this.#parts.names.keyOf(name)]);
    if (found === "unreachable") return found;
    const [bytes] = found;
    return typeof bytes === "object" ? readRecord(bytes) : bytes;
  }

  async #readAll(names: readonly string[]): Promise<ReadStamps> {
    this.#asked = undefined;
    const { table, certificate } = this.#parts;
    // Taken before they are asked for: an end that is heard meanwhile is one of these.
    const stamps = names.map((name) => table.of(name));
    const { epoch } = certificate;
    const { learned } = table;
    const read = await this.#link.read(names.map((name) => this.#parts.names.keyOf(name)));
    const shiftMs = this.#link.shiftMs();
    if (read !== "unreachable" && shiftMs === undefined) this.#link.calls.reportTimeUnknown("read");
    if (read === "unreachable" || shiftMs === undefined) return "unreachable";
    const sure = new Map<string, TagStamp | "unreachable">();
    for (const [index, stamp] of stamps.entries()) {
      const bytes = read[index];
      if (bytes === "unreachable") {
        sure.set(stamp.tag, bytes);
        continue;
      }
      const found = this.#found(stamp.tag, bytes, shiftMs);
      // Of two answers that were under way at the same time nobody knows which is the newer one.
      if (learned < stamp.learnedAt && stamp.token !== undefined && found?.token !== stamp.token) continue;
      table.learn(stamp, { found, epoch });
      const latest = stamp.replacedBy ?? stamp;
      if (latest.isCurrent) sure.set(stamp.tag, latest);
    }
    return sure;
  }

  #found(name: string, bytes: Uint8Array | undefined, shiftMs: Ms): FoundToken | undefined {
    const record = bytes === undefined ? undefined : readRecord(bytes);
    if (bytes !== undefined && record === undefined) this.#foreign.add(name);
    else this.#foreign.delete(name);
    return record && inOwnTime(record, shiftMs);
  }

  async #minted(names: readonly string[]): Promise<void> {
    const shiftMs = this.#link.shiftMs();
    const { table, names: tagNames, certificate } = this.#parts;
    const stamps = names.map((name) => table.of(name)).filter(({ token }) => token === undefined);
    if (stamps.length === 0 || shiftMs === undefined) return;
    await this.#cleared(stamps);
    const { epoch } = certificate;
    const expiresAt = this.#parts.clock.now() + shiftMs + TOKEN_LIFE_MS;
    const records: TokenRecord[] = stamps.map(() => ({ token: newToken(), expiresAt, former: [] }));
    const put = records.map((record, index) => ({
      key: tagNames.keyOf(stamps[index]?.tag ?? ""),
      placeholder: recordBytes(record),
    }));
    const taken = this.#link.isFenced ? await this.#link.acquire(put, TOKEN_LIFE_MS) : await this.#written(put);
    const late: string[] = [];
    for (const [index, stamp] of stamps.entries()) {
      const record = records[index];
      // One whose making was not answered for is never made use of: it may come to lie there after it was to be ended.
      if (taken?.[index] === true && record !== undefined)
        table.learn(stamp, { found: inOwnTime(record, shiftMs), epoch });
      else if (taken !== undefined) late.push(stamp.tag);
    }
    if (late.length > 0) await this.read(late);
  }

  /** What is no token must not keep one from being made for ever. */
  async #cleared(stamps: readonly TagStamp[]): Promise<void> {
    const foreign = stamps.filter(({ tag }) => this.#foreign.delete(tag));
    if (foreign.length === 0) return;
    const keys = foreign.map(({ tag }) => this.#parts.names.keyOf(tag));
    await this.#link.remove({ keys, announce: undefined });
  }

  /** Where nothing can be taken, the last one to write is the quickest: what was made under the others is a miss. */
  #written(
    put: readonly { readonly key: string; readonly placeholder: Uint8Array }[],
  ): Promise<readonly boolean[] | undefined> {
    const write = ({ key, placeholder }: (typeof put)[number]): Promise<boolean> =>
      this.#link.write({ key, remainingMs: () => TOKEN_LIFE_MS, bytes: () => placeholder });
    return Promise.all(put.map(write));
  }

  /** Read again afterwards in any case: somebody else may have prolonged it, or ended it. */
  async #prolong({ tag, expiresAt }: TagStamp, token: Token, lifeMs: Ms): Promise<void> {
    await this.#link.renew({
      key: this.#parts.names.keyOf(tag),
      frame: recordHeader(token, expiresAt),
      remainingMs: () => lifeMs,
      header: (shiftMs) => recordHeader(token, this.#parts.clock.now() + shiftMs + lifeMs),
    });
    await this.read([tag]);
  }
}

function inOwnTime({ token, expiresAt, former }: TokenRecord, shiftMs: Ms): FoundToken {
  return {
    token,
    expiresAt,
    keptUntil: expiresAt - shiftMs,
    former: former.map((each) => ({ ...each, endedAt: each.endedAt - shiftMs })),
  };
}
