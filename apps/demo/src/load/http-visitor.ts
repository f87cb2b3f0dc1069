import type { VisitPlan, VisitStep } from "./visit-plan.ts";

/** Is told how long a request took, in ms, and whether it was answered with what was asked for. */
export type RequestDone = (tookMs: number, isAnswered: boolean) => void;

/** Makes visits to a running service over HTTP, one request after another, as a browser does. */
export class HttpVisitor {
  readonly #address: string;
  readonly #done: RequestDone;

  /** @param address - Of the service, without a slash at the end. */
  constructor(address: string, done: RequestDone) {
    this.#address = address;
    this.#done = done;
  }

  /** Never rejects: a request that fails is told as one. */
  async visit({ userId, steps }: VisitPlan): Promise<void> {
    for (const step of steps) await this.#take(userId, step);
  }

  async #take(userId: number, step: VisitStep): Promise<void> {
    if (step.open === "job") return void (await this.#get(`/jobs/${step.jobId}`));
    if (step.open === "feed") return void (await this.#get(`/jobs?${queryOf(step).toString()}`));
    const list = await this.#get(`/users/${userId}/matches`);
    for (const rank of step.scoreRanks) {
      const match = Array.isArray(list) ? list[rank - 1] : undefined;
      if (match !== undefined) await this.#get(`/users/${userId}/matches/${match.jobId}`);
    }
  }

  async #get(path: string): Promise<ReturnType<typeof JSON.parse>> {
    const startedAt = performance.now();
    try {
      const response = await fetch(this.#address + path);
      const body = await response.json();
      this.#done(performance.now() - startedAt, response.ok);
      return body;
    } catch {
      this.#done(performance.now() - startedAt, false);
      return undefined;
    }
  }
}

function queryOf({ filter, page }: Extract<VisitStep, { open: "feed" }>): URLSearchParams {
  const query = new URLSearchParams({ page: String(page) });
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, String(value));
  return query;
}
