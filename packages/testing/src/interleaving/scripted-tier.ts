import { CacheError } from "@tiercache/core";
import type { ChaosTier } from "../chaos/chaos.ts";
import type { ChaosCall } from "../chaos/chaos-operation.ts";
import type { HeldCall } from "../chaos/held-call.ts";
import type { HeldMessage } from "../chaos/held-message.ts";
import type { Footprint } from "./footprint.ts";
import type { ScriptedStep } from "./scripted-step.ts";

/** Whose tier it is, how the labels of its steps tell it from his others, and whether its steps may overtake one another. */
interface ScriptedTierParts {
  readonly process: string;
  readonly where: string;
  readonly anyOrder: boolean;
}

/** Every fault changes how many are left. */
const FAULTS = "faults";

/** One process's way to one remote tier, as the steps that may happen on it. */
export class ScriptedTier {
  readonly #tier: ChaosTier;
  readonly #parts: ScriptedTierParts;
  /** What the process knows changes whenever something arrives at it. */
  readonly #state: string;
  readonly #names = new WeakMap<ChaosCall | HeldMessage, string>();
  readonly #times = new Map<string, number>();

  constructor(tier: ChaosTier, parts: ScriptedTierParts) {
    this.#tier = tier;
    this.#parts = parts;
    this.#state = `process ${parts.process}`;
  }

  hold(): void {
    this.#tier.hold(undefined, "both");
    this.#tier.messages.hold();
  }

  release(): void {
    this.#tier.release();
    this.#tier.messages.release();
  }

  steps(): readonly ScriptedStep[] {
    const { heldCalls } = this.#tier;
    const { held: messages } = this.#tier.messages;
    // Oldest first, whichever of them may happen now, so that each has the same name in every run.
    for (const { call } of heldCalls) this.#name(call, [call.operation, ...call.keys].join(" "));
    for (const message of messages) this.#name(message, message.kind);
    const requests = this.#next(heldCalls.filter(({ point }) => point === "request"));
    const replies = this.#next(heldCalls.filter(({ point }) => point === "reply"));
    return [
      ...requests.flatMap((call) => this.#requestSteps(call)),
      ...replies.flatMap((call) => this.#replySteps(call)),
      ...this.#arriving(messages).map((message) => this.#messageStep(message)),
      ...(this.#tier.bus === undefined ? [] : [this.#breakStep()]),
    ];
  }

  /** What may arrive next: messages in their order or in any, and an echo or a gap behind those that came before it. */
  #arriving(messages: readonly HeldMessage[]): readonly HeldMessage[] {
    const bar = messages.findIndex(({ kind }) => kind !== "message");
    return bar === 0 ? messages.slice(0, 1) : this.#next(bar === -1 ? messages : messages.slice(0, bar));
  }

  #next<T>(held: readonly T[]): readonly T[] {
    return this.#parts.anyOrder ? held : held.slice(0, 1);
  }

  #requestSteps(held: HeldCall): readonly ScriptedStep[] {
    const name = this.#nameOf(held.call);
    const touches = footprintOf(held, name);
    return [
      { label: `${name} is done`, detail: held.text, touches, take: () => held.release() },
      this.#failure(held, `${name} never arrives`),
    ];
  }

  #replySteps(held: HeldCall): readonly ScriptedStep[] {
    const name = this.#nameOf(held.call);
    return [
      { label: `${name} is answered`, touches: { writes: [this.#state, name] }, take: () => held.release() },
      this.#failure(held, `${name} is answered in vain`),
    ];
  }

  #failure(held: HeldCall, label: string): ScriptedStep {
    const writes = [this.#state, this.#nameOf(held.call), FAULTS];
    const take = (): void => held.fail(new CacheError("TIER_FAILED", "Made to fail by a schedule."));
    return { label, touches: { writes }, fault: "call", isOptional: true, take };
  }

  #messageStep(message: HeldMessage): ScriptedStep {
    const label = `${this.#nameOf(message)} is heard`;
    return { label, detail: message.text, touches: { writes: [this.#state] }, take: () => message.release() };
  }

  #breakStep(): ScriptedStep {
    const { process, where } = this.#parts;
    const take = (): void => {
      this.#tier.loseBus();
      this.#tier.healBus();
    };
    const touches = { writes: [this.#state, "bus", FAULTS] };
    return { label: `${process}: bus${where} breaks and is back`, touches, fault: "bus", isOptional: true, take };
  }

  #name(subject: ChaosCall | HeldMessage, description: string): void {
    if (this.#names.has(subject)) return;
    const times = (this.#times.get(description) ?? 0) + 1;
    this.#times.set(description, times);
    const { process, where } = this.#parts;
    this.#names.set(subject, `${process}: ${description}${where}${times === 1 ? "" : ` (${times})`}`);
  }

  #nameOf(subject: ChaosCall | HeldMessage): string {
    return this.#names.get(subject) ?? "";
  }
}

/** What a call does where it is done: it reads or writes its keys, and announces. That it is done is changed too. */
function footprintOf({ operation, keys, text }: HeldCall, name: string): Footprint {
  if (operation === "close" || operation === "scan") return "everything";
  const touched = keys.map((key) => `key ${key}`);
  if (operation === "read") return { reads: touched, writes: [name] };
  return { writes: [...touched, name, ...(text === undefined ? [] : ["bus"])] };
}
