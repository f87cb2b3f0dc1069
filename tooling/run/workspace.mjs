import { join } from "node:path";
import { childEnvironment, withFolderOnPath } from "./child-environment.mjs";
import { runQuietly } from "./command.mjs";
import { ensureDependencies } from "./dependencies.mjs";
import { SetupFailure, say } from "./messages.mjs";
import { root } from "./places.mjs";
import { together } from "./together.mjs";
import { ensureToolchain } from "./toolchain.mjs";
import { inTurn } from "./turn.mjs";

/**
 * A clone that is ready: the Node to run, and the environment in which `node`, `pnpm` and the installed tools are found.
 *
 * @typedef {{ readonly node: string, readonly env: NodeJS.ProcessEnv }} Workspace
 */

/**
 * Makes a clone ready, as far as the task needs it.
 *
 * @param {{ build?: boolean, redis?: boolean, dependencies?: boolean }} needs
 * @returns {Promise<Workspace>}
 */
export function ready({ build = false, redis = false, dependencies = true }) {
  return inTurn(async () => {
    const { node, env } = await ensureToolchain(childEnvironment(process.env));
    // As npm and pnpm do for scripts: tools find each other there.
    const workspace = { node, env: withFolderOnPath(env, join(root, "node_modules/.bin")) };
    const installAndBuild = async () => {
      if (dependencies) await ensureDependencies(workspace.env);
      if (build) await buildPackages(workspace);
    };
    await together([installAndBuild(), redis ? ensureRedis(workspace) : undefined]);
    return workspace;
  });
}

/** @param {Workspace} workspace */
async function buildPackages({ node, env }) {
  say("building the packages");
  const turbo = [node, "node_modules/turbo/bin/turbo", "run", "build", "--output-logs=errors-only"];
  const { status, output } = await runQuietly(turbo, { env });
  if (status === 0) return;
  process.stderr.write(output);
  throw new SetupFailure("The build failed. To repeat it: npm run build");
}

/**
 * Says itself what it found, or how to get a server. None is no reason to stop here: the demo runs without, and the tests
 * that need one fail with the same explanation.
 *
 * @param {Workspace} workspace
 */
async function ensureRedis({ node, env }) {
  if (env.TIERCACHE_REDIS_URL) return say("using the Redis server in TIERCACHE_REDIS_URL");
  await runQuietly([node, "tooling/redis-server/src/ensure.ts"], { env, stdio: ["ignore", "ignore", "inherit"] });
}
