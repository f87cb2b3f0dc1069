import type { Ms } from "../contracts/clock.ts";
import { invalidOption } from "../option-rules.ts";
import type { Stack } from "../stack.ts";
import type { Companion, Companions, LearnedBy } from "./companions.ts";

/** A flight, as far as it matters to what its load has learned besides. */
interface LearningFlight extends Omit<LearnedBy, "loadMs"> {
  readonly superseded: boolean;
  readonly tiers: { readonly isHeldOff: boolean; readonly someMissed: boolean };
}

/** By what users hold of a namespace, who keeps its companions. */
const kept = new WeakMap<object, Companions<unknown>>();

/** Has loaders find who keeps what they have learned of a namespace. */
export function learns<V>(namespace: object, companions: Companions<V>): void {
  kept.set(namespace, companions as Companions<unknown>);
}

/** What one load has learned of other keys. */
export class Learned {
  readonly #stack: Stack;
  readonly #companions = new Map<Companions<unknown>, Companion<unknown>[]>();

  constructor(stack: Stack) {
    this.#stack = stack;
  }

  /** @throws {@link CacheError} `INVALID_OPTION` for what is no namespace of this cache; as {@link Companions.companion}. */
  add(namespace: object, key: unknown, value: unknown): void {
    const companions = kept.get(namespace);
    if (companions?.isOf(this.#stack) !== true) {
      throw invalidOption("The namespace given to keepAlso", namespace, { allowed: "a namespace of the same cache" });
    }
    const learned = this.#companions.get(companions) ?? [];
    learned.push(companions.companion(key, value));
    this.#companions.set(companions, learned);
  }

  /** Keeps it all, unless the load may not keep its own values either. */
  keep(flights: readonly LearningFlight[], loadMs: Ms): void {
    const [first] = flights;
    if (this.#companions.size === 0 || first === undefined) return;
    if (flights.some(({ superseded, tiers }) => superseded || tiers.isHeldOff || tiers.someMissed)) return;
    const { epoch, startedAt, footing } = first;
    for (const [companions, learned] of this.#companions) {
      companions.keep(learned, { epoch, startedAt, footing, loadMs });
    }
  }
}
