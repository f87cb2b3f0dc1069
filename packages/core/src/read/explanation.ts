import type { Ms } from "../contracts/clock.ts";
import type { Entry } from "../contracts/entry.ts";
import type { FrameRejection, StaleReason } from "../contracts/observer.ts";
import { judge, mayServeOnError, mayServeWhileRevalidating, type Verdict } from "../entry/freshness.ts";
import type { RemoteLink } from "../remote/remote-link.ts";
import type { Family } from "../write/family.ts";
import { FrameReader } from "./frame-reader.ts";

/** The life of what a tier holds, in ms from now; `Infinity` for ever. */
export interface HeldLife {
  /** How long ago the value was loaded or set. */
  readonly ageMs: Ms;
  /** How long it is fresh; not above 0 when it is stale. */
  readonly freshForMs: Ms;
  /** How long it may still be of use, as a stale answer too; not above 0 when that is over. */
  readonly usefulForMs: Ms;
  /** How the origin names this version, if the loader has said so. */
  readonly etag: string | undefined;
}

/**
 * What one tier holds of a key:
 *
 * - `nothing`, or `unreachable`: it could not be asked, `code` says why.
 * - `rejected`: bytes that are no entry of this namespace, `reason` says why.
 * - `fresh`; `due`: fresh, but a hit would start a refresh; `stale`: it may answer where the rules allow; `expired`: it may not.
 */
export type Holding =
  | { readonly tier: string; readonly holds: "nothing" }
  | { readonly tier: string; readonly holds: "unreachable"; readonly code: string }
  | { readonly tier: string; readonly holds: "rejected"; readonly reason: FrameRejection }
  | ({ readonly tier: string; readonly holds: "fresh" | "due" | "stale" | "expired" } & HeldLife);

/** What is known of a key at one moment. */
export interface Explanation {
  readonly namespace: string;
  /** The key in the remote tiers. */
  readonly key: string;
  /** One element a tier, nearest first. */
  readonly tiers: readonly Holding[];
  /** Who would answer a read: a tier, `"loader"`, or nobody (`undefined`), where no tier may and there is no loader. */
  readonly answeredBy: string | undefined;
  /** What would allow that answer if it is stale. */
  readonly stale: StaleReason | undefined;
  /** Whether a load of the key is running, which a read that finds nothing fresh would join. */
  readonly isLoading: boolean;
}

/** The verdict on what one tier holds, if it holds an entry. */
interface Judged {
  readonly holding: Holding;
  readonly verdict: Verdict | undefined;
}

/** Looks at a key in every tier without changing anything. */
export class KeyInspection<V> {
  readonly #family: Family<V>;
  readonly #frames: FrameReader<V>;
  readonly #mayLoad: boolean;

  /** @param mayLoad - Whether a read of the namespace ends in a load. */
  constructor(family: Family<V>, mayLoad: boolean) {
    this.#family = family;
    this.#frames = new FrameReader(family);
    this.#mayLoad = mayLoad;
  }

  /** @throws `INVALID_KEY`. */
  async explain(id: string): Promise<Explanation> {
    const { stack, local, localName, loads, name: namespace } = this.#family;
    const key = this.#family.remoteKey(id);
    const held = local.get(id);
    const nearest = held === undefined ? nothing(localName) : this.#judged(localName, held);
    const remote = await Promise.all(stack.remotes.map((tier) => this.#inTier(tier, key)));
    const judged = stack.local === undefined ? remote : [nearest, ...remote];
    return {
      namespace,
      key,
      tiers: judged.map(({ holding }) => holding),
      ...this.#answering(judged),
      isLoading: loads.running(id) !== undefined,
    };
  }

  async #inTier(tier: RemoteLink, key: string): Promise<Judged> {
    const answer = await tier.probe(key);
    if ("failure" in answer) {
      return { holding: { tier: tier.name, holds: "unreachable", code: answer.failure }, verdict: undefined };
    }
    const { frame } = answer;
    const shiftMs = tier.shiftMs();
    if (frame === undefined) return nothing(tier.name);
    if (shiftMs === undefined) {
      return { holding: { tier: tier.name, holds: "unreachable", code: "TIME_UNKNOWN" }, verdict: undefined };
    }
    const [found] = await this.#frames.entriesIn([{ frame, key, shiftMs }]);
    if (found === undefined) return nothing(tier.name);
    if (typeof found === "string") {
      return { holding: { tier: tier.name, holds: "rejected", reason: found }, verdict: undefined };
    }
    return this.#judged(tier.name, found.entry);
  }

  #judged(tier: string, entry: Entry<V>): Judged {
    const { stack, rules } = this.#family;
    const now = stack.clock.now();
    const verdict = judge(entry, now, rules);
    const mayAnswer = mayServeOnError(entry, now, rules) || mayServeWhileRevalidating(entry, now, rules);
    const staleHolds = mayAnswer ? "stale" : "expired";
    const holds = verdict === "fresh" ? "fresh" : verdict === "fresh-due" ? "due" : staleHolds;
    const life: HeldLife = {
      ageMs: Math.max(0, now - entry.createdAt),
      freshForMs: entry.freshUntil - now,
      usefulForMs: entry.expiresAt - now,
      etag: entry.etag,
    };
    return { holding: { tier, holds, ...life }, verdict };
  }

  /** As a read goes: the nearest fresh one, else the nearest that may answer while it is refreshed, else the loader. */
  #answering(judged: readonly Judged[]): Pick<Explanation, "answeredBy" | "stale"> {
    const { localName } = this.#family;
    const first = judged[0];
    // What is held locally answers as stale before any remote tier is asked.
    if (this.#mayLoad && first?.holding.tier === localName && first.verdict?.startsWith("stale")) {
      return { answeredBy: localName, stale: first.verdict === "stale-held" ? "held" : "revalidating" };
    }
    const fresh = judged.find(({ verdict }) => verdict?.startsWith("fresh"));
    if (fresh !== undefined) return { answeredBy: fresh.holding.tier, stale: undefined };
    if (!this.#mayLoad) return { answeredBy: undefined, stale: undefined };
    const stale = judged.find(({ verdict }) => verdict === "stale-due");
    if (stale !== undefined) return { answeredBy: stale.holding.tier, stale: "revalidating" };
    return { answeredBy: "loader", stale: undefined };
  }
}

function nothing(tier: string): Judged {
  return { holding: { tier, holds: "nothing" }, verdict: undefined };
}
