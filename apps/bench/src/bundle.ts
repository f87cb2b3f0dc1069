import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** A program that exports all of these modules but the client of Redis. */
export function programOf(modules: readonly string[]): string {
  const names = modules.filter((name) => name !== "ioredis");
  return names.map((name, index) => `export * as m${index} from ${JSON.stringify(name)};`).join("\n");
}

/** What a program comes to, minified, with all that it imports but Node's own modules and the clients of Redis. */
export async function bundleOf(program: string): Promise<Uint8Array> {
  return (await built(program)).code;
}

/** How many bytes of a program, minified, each source file comes to. */
export async function bundledFiles(program: string): Promise<ReadonlyMap<string, number>> {
  const { files } = await built(program, ["@tiercache/source"]);
  return files;
}

interface Built {
  readonly code: Uint8Array;
  readonly files: ReadonlyMap<string, number>;
}

async function built(program: string, conditions: string[] = []): Promise<Built> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
    // What is made for browsers under the same names is not what a server runs.
    external: ["ioredis", "redis", "@redis/client", "msgpackr-extract"],
    conditions: import.meta.resolve("@tiercache/core").endsWith(".ts") ? ["@tiercache/source"] : conditions,
    metafile: true,
    logLevel: "silent",
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  return {
    code: outputFiles[0]?.contents ?? new Uint8Array(),
    files: new Map(inputs.map(([file, { bytesInOutput }]) => [file, bytesInOutput])),
  };
}
