import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** What these modules come to, minified, with all that they import but Node's own modules and the clients of Redis. */
export async function bundleOf(modules: readonly string[]): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: {
      contents: modules
        .filter((name) => name !== "ioredis")
        .map((name, index) => `export * as m${index} from ${JSON.stringify(name)};`)
        .join("\n"),
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
    },
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
