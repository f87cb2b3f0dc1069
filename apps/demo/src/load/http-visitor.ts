import type { Browsers } from "./browsers.ts";
import type { VisitPlan, VisitStep } from "./visit-plan.ts";

/**
 * How a request ended: `answered`, also by the word that there is no such thing; `unprovided` where a provider that was needed had
 * failed, and no tier had anything; else `failed`.
 */
export type RequestOutcome = "answered" | "unprovided" | "failed";

/** Is told how long a request took, in ms, and how it ended. */
export type RequestDone = (tookMs: number, outcome: RequestOutcome) => void;

/** Where visits are made, and who knows of them. */
export interface HttpVisitorParts {
  /** Of the service, without a slash at the end. */
  readonly address: string;
  readonly browsers: Browsers;
  readonly done: RequestDone;
}

/** Makes visits to a running service over HTTP, one request after another, as a browser does. */
export class HttpVisitor {
  readonly #address: string;
  readonly #browsers: Browsers;
  readonly #done: RequestDone;

  constructor({ address, browsers, done }: HttpVisitorParts) {
    this.#address = address;
    this.#browsers = browsers;
    this.#done = done;
  }

  /** Never rejects: a request that fails is told as one. */
  async visit({ userId, steps }: VisitPlan): Promise<void> {
    const own = `/users/${userId}/session`;
    await this.#browsers.ready(userId, () => this.#ask(own, "PUT"));
    for (const step of steps) {
      const [session] = await Promise.all([this.#ask(own), this.#ask(`/users/${userId}/preferences`)]);
      if (session === undefined) this.#browsers.loggedOut(userId);
      await this.#take(userId, step);
    }
  }

  async #take(userId: number, step: VisitStep): Promise<void> {
    if (step.open === "feed") return void (await this.#ask(`/jobs?${queryOf(step).toString()}`));
    if (step.open === "job") {
      const job = await this.#ask(`/jobs/${step.jobId}`);
      if (job !== undefined) await this.#ask(`/companies/${job.companyId}`);
      return;
    }
    const list = await this.#ask(`/users/${userId}/matches`);
    for (const rank of step.scoreRanks) {
      const match = Array.isArray(list) ? list[rank - 1] : undefined;
      if (match !== undefined) await this.#ask(`/users/${userId}/matches/${match.jobId}`);
    }
  }

  /** The answer; `undefined` where there is none. That there is no such thing is an answer too. */
  async #ask(path: string, method: "GET" | "PUT" = "GET"): Promise<ReturnType<typeof JSON.parse>> {
    const startedAt = performance.now();
    try {
      const response = await fetch(this.#address + path, { method });
      const body = await response.json();
      this.#done(performance.now() - startedAt, outcomeOf(response.status));
      return response.ok ? body : undefined;
    } catch {
      this.#done(performance.now() - startedAt, "failed");
      return undefined;
    }
  }
}

function outcomeOf(status: number): RequestOutcome {
  if (status < 400 || status === 404) return "answered";
  return status === 502 ? "unprovided" : "failed";
}

function queryOf({ filter, page }: Extract<VisitStep, { open: "feed" }>): URLSearchParams {
  const query = new URLSearchParams({ page: String(page) });
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, String(value));
  return query;
}
