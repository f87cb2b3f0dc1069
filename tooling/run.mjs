/*
 * The way in: `node tooling/run.mjs <task>`, or the npm script of the same name. Needs Node 20 and npm and nothing else:
 * what is missing is fetched into .toolchain (git-ignored), once, and a recent Node, a pnpm or a Redis server that the
 * machine has is used as it is. Every message is on stderr, so that stdout is the task's own; npm itself prints two lines
 * there unless it is called as `npm start --silent`.
 */
import { runChecks } from "./run/checks.mjs";
import { handOver } from "./run/command.mjs";
import { Interrupted, SetupFailure, say } from "./run/messages.mjs";
import { runTests } from "./run/test-run.mjs";
import { ready } from "./run/workspace.mjs";

/** What is measured runs as it does there: elsewhere values are frozen, which finds mistakes and takes its time. */
const production = { NODE_ENV: "production" };

/** Without a build. */
const onSources = ["--conditions=@tiercache/source"];

/** @type {Record<string, (args: string[]) => Promise<number | void>>} */
const tasks = {
  /** Only makes everything ready. */
  async setup() {
    await ready({ redis: true });
  },

  /** The demo; arguments are its own. */
  async start(args) {
    const { node, env } = await ready({ build: true, redis: true });
    return handOver([node, "apps/demo/src/main.ts", ...args], { env });
  },

  /** What the cache costs beside the floor below it, in ratios. */
  async bench(args) {
    const { node, env } = await ready({ build: true, redis: true });
    return handOver([node, "apps/bench/src/main.ts", ...args], { env: { ...env, ...production } });
  },

  /** Whether a change is slower than the commit before it. */
  async "bench:check"(args) {
    const { node, env } = await ready({ redis: true });
    return handOver([node, ...onSources, "apps/bench/src/check/main.ts", ...args], { env: { ...env, ...production } });
  },

  /** What the work of the bench's cases goes into, here and at the floor. */
  async "bench:profile"(args) {
    const { node, env } = await ready({ redis: true });
    const main = "apps/bench/src/profile/main.ts";
    return handOver([node, ...onSources, main, ...args], { env: { ...env, ...production } });
  },

  /** What fleets of one to ten thousand processes ask of their server, simulated. */
  async "bench:scale"(args) {
    const { node, env } = await ready({ redis: true });
    const roomy = ["--max-old-space-size=8000"];
    return handOver([node, ...onSources, ...roomy, "apps/bench/src/scale/main.ts", ...args], { env });
  },

  /** What is noticed of a Redis that is away, beside the bounds it must hold. */
  async "bench:outage"(args) {
    const { node, env } = await ready({ build: true, redis: true });
    return handOver([node, "apps/bench/src/outage/main.ts", ...args], { env });
  },

  /** Real processes under faults, and whether what is promised has held; arguments say for how long and what goes wrong. */
  async consistency(args) {
    const { node, env } = await ready({ redis: true });
    return handOver([node, ...onSources, "apps/consistency/src/main.ts", ...args], { env });
  },

  /** Whether that would be noticed if a defence were missing. */
  async "consistency:mutations"(args) {
    const { node, env } = await ready({ redis: true });
    return handOver([node, ...onSources, "apps/consistency/src/mutations/main.ts", ...args], { env });
  },

  /** All checks, then the tests; arguments go to vitest. */
  async test(args) {
    const workspace = await ready({ build: true, redis: true });
    await runChecks(workspace);
    return runTests(workspace, args);
  },

  /** The fault matrix on real servers, which takes minutes; arguments go to vitest. */
  async faults(args) {
    const config = ["--root", "tests", "--config", "vitest.faults.config.ts"];
    return runTests(await ready({ redis: true }), [...config, ...args]);
  },

  /** All checks, or those named. */
  async check(names) {
    await runChecks(await ready({}), names);
  },

  async build() {
    await ready({ build: true });
  },

  /** Mends what the checks complain of, as far as that goes by itself. */
  async format() {
    const { node, env } = await ready({});
    return handOver([node, "tooling/lint/check.mjs", "--write"], { env });
  },

  /** The pinned pnpm, for those who have none: `node tooling/run.mjs pnpm add …`. */
  async pnpm(args) {
    const { env } = await ready({ dependencies: false });
    return handOver(["pnpm", ...args], { env, shell: process.platform === "win32" });
  },
};

/** @param {unknown} error */
function report(error) {
  if (error instanceof Interrupted) {
    // Dies of the same signal, so that whoever started us sees what happened.
    process.kill(process.pid, error.signal);
  } else if (error instanceof SetupFailure) {
    say(error.message);
  } else if (error instanceof Error && "syscall" in error) {
    say(`The system refused: ${error.message}`);
  } else {
    console.error(error);
  }
}

const [name = "", ...args] = process.argv.slice(2);
try {
  if (!Object.hasOwn(tasks, name))
    throw new SetupFailure(`There is no task "${name}"; one of ${Object.keys(tasks).join(", ")}`);
  // pnpm, unlike npm, hands on the `--` that separates the arguments.
  process.exitCode = (await tasks[name](args[0] === "--" ? args.slice(1) : args)) ?? 0;
} catch (error) {
  process.exitCode = 1;
  report(error);
}
