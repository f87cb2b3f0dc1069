import { refusal } from "../http/problem.ts";
import type { InstanceReport, InstanceState } from "./instance-state.ts";
import { pageHeader } from "./same-origin.ts";

/** How long another instance may take to answer. */
const deadlineMs = 2_000;

/** Another instance of the demo, in a process of its own. */
export class Peer {
  readonly address: string;
  #state: InstanceState | undefined;
  #lastEvent = 0;

  /** @param address - Without a slash at the end. */
  constructor(address: string) {
    this.address = address;
  }

  /** What it last said of itself; `undefined` while it does not answer. */
  get state(): InstanceState | undefined {
    return this.#state;
  }

  /** Asks how it is. Never rejects. @returns what has happened there since the last time. */
  async look(): Promise<InstanceReport["events"]> {
    try {
      const { state, events } = (await this.#fetch(`/live/instance?after=${this.#lastEvent}`)) as InstanceReport;
      this.#state = state;
      this.#lastEvent = Math.max(this.#lastEvent, ...events.map(({ number }) => number));
      return events;
    } catch {
      this.#state = undefined;
      return [];
    }
  }

  /** Has it do something. @throws (rejects) where it does not answer, or refuses */
  act(action: string, body: unknown): Promise<unknown> {
    const headers = { "content-type": "application/json", [pageHeader]: "1" };
    return this.#fetch(`/live/actions/${action}`, { method: "POST", headers, body: JSON.stringify(body) });
  }

  async #fetch(path: string, init: RequestInit = {}): Promise<unknown> {
    const signal = AbortSignal.timeout(deadlineMs);
    const response = await fetch(this.address + path, { ...init, signal }).catch(() => undefined);
    if (response?.ok !== true) throw refusal(503, `The instance at ${this.address} could not do that.`);
    return response.json();
  }
}
