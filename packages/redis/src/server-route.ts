import type { EpochMs, RemoteCall } from "@tiercache/core";
import type { Redis } from "ioredis";
import type { CommandGate } from "./command-gate.ts";
import type { CommandRoute, KeyServer } from "./command-route.ts";

/** The way to the only server there is, or to the primary of those that Sentinels watch over. */
export class ServerRoute implements CommandRoute {
  readonly hasOneServer = true;
  readonly #gate: CommandGate;

  constructor(gate: CommandGate) {
    this.#gate = gate;
  }

  now(): EpochMs | undefined {
    return this.#gate.now();
  }

  learnTime(): Promise<void> {
    return this.#gate.learnTime();
  }

  get sendsAtOnce(): boolean {
    return this.#gate.sendsAtOnce;
  }

  /** All of them may share one. */
  groupsOf(keys: readonly string[]): readonly (readonly number[])[] {
    return [keys.map((_, place) => place)];
  }

  run<T>(_key: string, command: (client: Redis) => Promise<T>, call?: RemoteCall): Promise<T> {
    return this.#gate.run(command, call);
  }

  get servers(): readonly KeyServer[] {
    return [{ run: (command, call) => this.#gate.run(command, call) }];
  }

  onLoss(listener: () => void): void {
    this.#gate.onLoss(listener);
  }

  onReady(listener: () => void): void {
    this.#gate.onOpen(listener);
  }

  unref(): void {
    this.#gate.unref();
  }

  close(): Promise<void> {
    return this.#gate.close();
  }
}
