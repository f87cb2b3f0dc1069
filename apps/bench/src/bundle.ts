import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** A program that exports all of these modules but the client of Redis. */
export function programOf(modules: readonly string[]): string {
  const names = modules.filter((name) => name !== "ioredis");
  return names.map((name, index) => `export * as m${index} from ${JSON.stringify(name)};`).join("\n");
}

/** What a program comes to, minified, with all that it imports but Node's own modules and the clients of Redis. */
export async function bundleOf(program: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
    // What is made for browsers under the same names is not what a server runs.
    external: ["ioredis", "redis", "@redis/client", "msgpackr-extract"],
    conditions: import.meta.resolve("@tiercache/core").endsWith(".ts") ? ["@tiercache/source"] : [],
    logLevel: "silent",
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}
