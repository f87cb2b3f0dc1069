import { refusal } from "../http/problem.ts";
import { instanceActions, machineActions, processActions } from "./action.ts";
import type { ActionDesk } from "./action-desk.ts";
import type { LiveHub } from "./live-hub.ts";
import type { LocalInstance } from "./local-instance.ts";
import type { Peer } from "./peer.ts";
import type { ProgressBoard } from "./progress-board.ts";

/** What actions work on. */
export interface LiveActionParts {
  readonly hub: LiveHub;
  readonly local: LocalInstance;
  /** Where this instance serves; load goes there and to all others. */
  readonly address: string;
  readonly board: ProgressBoard;
  readonly seed: number;
  readonly userCount: number;
  readonly jobCount: number;
  /** Whether Redis may be broken here, if it is the demo's own. */
  readonly breaks: boolean;
  /** Starts one more instance, where the demo may. */
  readonly startInstance?: (() => Promise<void>) | undefined;
}

type Run = (body: unknown) => Promise<unknown>;

/** Does what the page asks for. */
export class LiveActions implements ActionDesk {
  readonly #parts: LiveActionParts;
  readonly #runs: ReadonlyMap<string, Run>;

  constructor(parts: LiveActionParts) {
    this.#parts = parts;
    this.#runs = new Map([...this.#ofInstance(), ...this.#ofProcess(), ...this.#ofMachine()]);
  }

  get names(): readonly string[] {
    return [...this.#runs.keys()];
  }

  isOfMachine(name: string): boolean {
    return Object.hasOwn(machineActions, name);
  }

  run(name: string, body: unknown): Promise<unknown> | undefined {
    return this.#runs.get(name)?.(body);
  }

  #ofInstance(): [string, Run][] {
    const { local } = this.#parts;
    const { desk, monitor, feed } = local;
    const news = (text: string): void => feed.tell({ tone: "plain", text });
    return [
      this.#routed("watch", async (userId) => {
        monitor.watch(userId);
        await Promise.all(this.#parts.hub.peers.map((peer) => peer.act("watch-here", { userId }).catch(() => {})));
        return {};
      }),
      ["watch-here", async (body) => (monitor.watch(instanceActions.watch.parse(body).userId), {})],
      this.#routed("read-preferences", async (userId) => {
        const { value, source } = await desk.readPreferences(userId);
        if (source === "loader") news(`user ${userId}'s preferences: read from the database`);
        return { source: source ?? null, preferences: value ?? null };
      }),
      this.#routed("change-preferences", async (userId) => {
        const preferences = await desk.changePreferences(userId);
        news(`user ${userId}'s preferences: changed here`);
        return { preferences: preferences ?? null };
      }),
      this.#routed("refresh-matches", async (userId) => {
        const { source } = await desk.refreshMatches(userId);
        news(`user ${userId}'s top matches: made anew`);
        return { source: source ?? null };
      }),
    ];
  }

  /** An action that names the instance which shall do it. */
  #routed(name: keyof typeof instanceActions, run: (userId: number) => Promise<unknown>): [string, Run] {
    return [
      name,
      (body) => {
        const { userId, instance } = instanceActions[name].parse(body);
        const peer = this.#peerNamed(instance);
        return peer === undefined ? run(userId) : peer.act(name, { userId });
      },
    ];
  }

  #ofProcess(): [string, Run][] {
    const { hub, address, seed, userCount, jobCount } = this.#parts;
    return [
      [
        "send-load",
        async (body) => {
          const order = processActions["send-load"].parse(body);
          const addresses = [address, ...hub.peers.map((peer) => peer.address)];
          await hub.traffic.start({ ...order, addresses, seed, userCount, jobCount });
          return {};
        },
      ],
      ["stop-load", async () => (await hub.traffic.stop(), {})],
      ["ingest", () => this.#ingest()],
      ["warm", () => this.#warm()],
    ];
  }

  async #ingest(): Promise<unknown> {
    const { desk, feed } = this.#parts.local;
    const report = await desk.ingest();
    if (report === undefined) throw refusal(409, "Another instance runs the job feed at present.");
    const { run, added, changed, removed } = report;
    const changes = `${added} jobs added, ${changed} changed, ${removed} removed`;
    feed.tell({ tone: "good", text: `job feed, run ${run}: ${changes}; the cache is told once` });
    return { run, added, changed, removed };
  }

  async #warm(): Promise<unknown> {
    const { local, board } = this.#parts;
    const what = "Warming popular jobs";
    const reports = await local.desk.warm((done, total) => board.report(what, done, total));
    if (reports === undefined) throw refusal(409, "Another instance warms at present.");
    const all = Object.values(reports);
    const sum = (of: "loaded" | "fresh"): number => all.reduce((total, report) => total + report[of], 0);
    local.feed.tell({ tone: "good", text: `warmed: ${sum("loaded")} keys loaded, ${sum("fresh")} were fresh` });
    return reports;
  }

  #ofMachine(): [string, Run][] {
    const { hub, local, breaks, startInstance } = this.#parts;
    const { redis } = hub;
    const runs: [string, Run][] = [];
    if (breaks && redis?.isOwn === true) {
      runs.push([
        "redis",
        async (body) => {
          const { act } = machineActions.redis.parse(body);
          await redis.act(act);
          local.feed.tell({ tone: act === "kill" || act === "hang" ? "bad" : "good", text: `Redis: ${act}, by hand` });
          return { redis: redis.state };
        },
      ]);
    }
    if (startInstance !== undefined) runs.push(["start-instance", async () => (await startInstance(), {})]);
    return runs;
  }

  #peerNamed(instance: string | undefined): Peer | undefined {
    if (instance === undefined || instance === this.#parts.local.name) return undefined;
    const peer = this.#parts.hub.peers.find(({ state }) => state?.name === instance);
    if (peer === undefined) throw refusal(409, `No instance ${instance} answers.`);
    return peer;
  }
}
