import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The names that native packages give the platforms on which the workspace must install. */
const platforms = { linux: /linux/, macOS: /darwin/, Windows: /win32|windows/ };

/**
 * The families of platform binaries in the lockfile that lack one of the platforms. pnpm leaves out of the lockfile
 * what the registry could not resolve, without a word: the lockfile then fails on the machine of somebody else.
 *
 * @param {string} root - The workspace's folder.
 * @returns {readonly string[]} One line a family: its name and what it lacks.
 */
export function incompletePackages(root) {
  return incompleteFamilies(readFileSync(join(root, "pnpm-lock.yaml"), "utf8"));
}

/**
 * @param {string} lockfile
 * @returns {readonly string[]}
 */
export function incompleteFamilies(lockfile) {
  const families = new Map();
  for (const [, name] of lockfile.matchAll(/^ {2}'?((?:@[\w.-]+\/)?[\w.-]+)@[\d.]+[^:]*'?:$/gm)) {
    const family = familyOf(name);
    if (family !== undefined) families.set(family, [...(families.get(family) ?? []), name]);
  }
  return [...families].flatMap(([family, names]) => {
    const lacking = Object.entries(platforms).filter(([, pattern]) => !names.some((name) => pattern.test(name)));
    return lacking.length === 0 ? [] : `${family}: no binary for ${lacking.map(([platform]) => platform).join(", ")}`;
  });
}

/** Optional helpers that exist for one platform only, and without which the package they belong to does its work. */
const soloPackages = new Set(["@napi-rs/lzma-"]);

/** `@esbuild/` for `@esbuild/linux-x64`; `undefined` for a package that is no platform's binary. */
function familyOf(name) {
  const platform = /(?:linux|darwin|win32|windows)(?=[-_]|$)/.exec(name);
  if (platform === null) return undefined;
  const family = name.slice(0, platform.index);
  return soloPackages.has(family) ? undefined : family;
}
