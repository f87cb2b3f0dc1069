import { accessSync, constants, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { toolchainFolder } from "./places.mjs";

/*
 * npm and pnpm hand their own state to the scripts they run (`npm_config_prefix`, `npm_package_json`, …), which misleads
 * an npm or pnpm inside. What a user may have set on purpose is how to reach the registry, and that is kept.
 */
const handedDown = /^npm_(config|package|lifecycle|command|execpath|node_execpath)/i;
const settingsFile = /^npm_config_(cache|userconfig|globalconfig|fetch[-_].*|@.*|\/\/.*)$/i;
const connection = /^npm_config_(registry|(https?[-_])?proxy|no_?proxy|ca|cafile|cert|key|strict[-_]ssl)$/i;

// Without a network pnpm would go on for a quarter of an hour. It heeds these in the environment, not as arguments.
const impatience = {
  pnpm_config_fetch_retries: "2",
  pnpm_config_fetch_retry_mintimeout: "500",
  pnpm_config_fetch_retry_maxtimeout: "2000",
};

/**
 * The environment for everything that is run.
 *
 * @param {NodeJS.ProcessEnv} own
 * @returns {NodeJS.ProcessEnv}
 */
export function childEnvironment(own) {
  const given = Object.entries(own).filter(([, value]) => value !== "");
  const forNpm = given.filter(([name]) => connection.test(name) || settingsFile.test(name));
  // pnpm reads the settings file that npm names, but of npm's other variables none.
  const forPnpm = given
    .filter(([name]) => connection.test(name))
    .map(([name, value]) => [name.toLowerCase().replace("npm", "pnpm").replaceAll("-", "_"), value]);
  const others = Object.entries(own).filter(([name]) => !handedDown.test(name));
  return {
    ...impatience,
    ...Object.fromEntries([...forPnpm, ...others, ...forNpm]),
    ...usableHome(),
    // Nobody asked for a note about a newer version, nor for an install in the midst of a task.
    pnpm_config_update_notifier: "false",
    pnpm_config_verify_deps_before_run: "false",
    TURBO_TELEMETRY_DISABLED: "1",
    TURBO_NO_UPDATE_NOTIFIER: "1",
  };
}

/**
 * The same environment with a folder in front of all others on `PATH`.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {string} folder
 * @returns {NodeJS.ProcessEnv}
 */
export function withFolderOnPath(env, folder) {
  // Windows spells it `Path`, and two spellings of one variable would be two variables.
  const name = Object.keys(env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  return { ...env, [name]: [folder, ...(env[name] ? [env[name]] : [])].join(delimiter) };
}

// Containers run under any user id, often without a home to write to; npm and pnpm keep their caches there.
function usableHome() {
  try {
    accessSync(homedir(), constants.W_OK);
    return {};
  } catch {
    const home = join(toolchainFolder, "home");
    mkdirSync(home, { recursive: true });
    return { HOME: home, npm_config_cache: join(home, ".npm") };
  }
}
