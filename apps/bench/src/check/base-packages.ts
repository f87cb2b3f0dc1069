import { existsSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/*
 * node --import base-packages.ts …, with the folder of another checkout in TIERCACHE_BENCH_BASE: has our packages be those of that
 * folder, as sources. What they depend on is what is installed here, so nothing has to be installed there, and a benchmark
 * that the other checkout does not have can be run on it.
 */
const base = process.env["TIERCACHE_BENCH_BASE"];
if (base === undefined) throw new Error("TIERCACHE_BENCH_BASE is not set.");
const baseUrl = pathToFileURL(join(base, "/")).href;
const here = new URL("../../../../", import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    const own = /^@tiercache\/([\w-]+)$/.exec(specifier)?.[1];
    const index = own === undefined ? "" : new URL(`packages/${own}/src/index.ts`, baseUrl).href;
    if (index !== "" && existsSync(fileURLToPath(index))) return next(index, context);
    const { parentURL } = context;
    const isRelative = specifier.startsWith(".") || specifier.includes(":") || specifier.startsWith("/");
    if (isRelative || parentURL === undefined || !parentURL.startsWith(baseUrl)) return next(specifier, context);
    return next(specifier, { ...context, parentURL: here + parentURL.slice(baseUrl.length) });
  },
});
