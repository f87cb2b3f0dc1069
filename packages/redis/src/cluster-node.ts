import type { RemoteCall } from "@tiercache/core";
import type { Redis } from "ioredis";
import type { NodeAddress } from "./cluster-topology.ts";
import type { CommandGate } from "./command-gate.ts";
import { failureOf, isRefused, isTimeout } from "./failure.ts";

/**
 * One node of a cluster that commands are sent to. One that leaves a command without an answer, while it answers no other either, is sent
 * nothing more until it has answered or is connected to anew: nobody shall wait for what hangs, and the others are not asked any less.
 */
export class ClusterNode {
  readonly address: NodeAddress;
  readonly gate: CommandGate;
  readonly client: Redis;
  /** How many commands it has answered. */
  #answers = 0;
  #isTroubled = false;
  #isSilent = false;

  constructor(address: NodeAddress, gate: CommandGate) {
    this.address = address;
    this.gate = gate;
    this.client = gate.client;
    gate.onOpen(() => {
      this.#isSilent = false;
      this.#isTroubled = false;
    });
  }

  /** Whether it can be reached, and what it was last asked was not left without an answer or refused because it is not well. */
  get isAnswering(): boolean {
    return this.gate.isConnected && !this.#isTroubled;
  }

  /**
   * Sends a command, at once where it can be.
   *
   * @throws (rejects) `TIER_FAILED`.
   */
  async run<T>(command: (client: Redis) => Promise<T>, call?: RemoteCall): Promise<T> {
    if (this.#isSilent) throw failureOf(new Error("Command timed out"));
    const answers = this.#answers;
    try {
      const answer = await this.gate.run(() => command(this.client), call);
      this.#answered();
      return answer;
    } catch (error) {
      if (isRefused(error)) this.#answered();
      // What was given up before it was sent says nothing of the node.
      else if (call?.signal.aborted !== true || isTimeout(error)) this.#failed(error, answers);
      throw error;
    }
  }

  #answered(): void {
    this.#answers++;
    this.#isTroubled = false;
  }

  #failed(error: unknown, answers: number): void {
    this.#isTroubled = true;
    if (!isTimeout(error) || answers !== this.#answers || this.#isSilent) return;
    this.#isSilent = true;
    void this.#untilItAnswers();
  }

  /** It answers in order: once this has been answered, so has everything before. */
  async #untilItAnswers(): Promise<void> {
    while (this.#isSilent) {
      const end = await this.gate
        .run(() => this.client.time())
        .catch((error: unknown) => (isTimeout(error) ? "silent" : "gone"));
      if (end === "silent") continue;
      this.#isSilent = false;
      if (end !== "gone") this.#answered();
    }
  }
}
