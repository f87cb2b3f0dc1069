import type { Services } from "../service/services.ts";
import type { Browsers } from "./browsers.ts";
import type { VisitPlan, VisitStep } from "./visit-plan.ts";

/**
 * Makes visits to the services of this process: each request is checked for a session and reads what the user wants, as the pages of
 * such a service do, whatever else it shows.
 */
export class ServiceVisitor {
  readonly #services: Services;
  readonly #browsers: Browsers;
  #requests = 0;

  constructor(services: Services, browsers: Browsers) {
    this.#services = services;
    this.#browsers = browsers;
  }

  /** How many requests were made so far. */
  get requests(): number {
    return this.#requests;
  }

  async visit({ userId, steps }: VisitPlan): Promise<void> {
    await this.#browsers.ready(userId, () => this.#services.people.logIn(userId));
    for (const step of steps) await this.#take(userId, step);
  }

  async #take(userId: number, step: VisitStep): Promise<void> {
    const { board, adviser, matches } = this.#services;
    await this.#request(userId);
    if (step.open === "feed") return void (await board.feedPage(step.filter, step.page));
    if (step.open === "job") {
      const { value: job } = await board.job(step.jobId);
      // The provider fails now and then, and the job is shown without its company.
      if (job !== undefined) await adviser.company(job.companyId).catch(() => {});
      return;
    }
    const { value: list = [] } = await matches.top(userId);
    for (const rank of step.scoreRanks) {
      const match = list[rank - 1];
      if (match === undefined) continue;
      await this.#request(userId);
      await matches.score(userId, match.jobId);
    }
  }

  async #request(userId: number): Promise<void> {
    this.#requests += 1;
    const { people } = this.#services;
    const [session] = await Promise.all([people.session(userId), people.preferences(userId)]);
    if (session.value === undefined) this.#browsers.loggedOut(userId);
  }
}
