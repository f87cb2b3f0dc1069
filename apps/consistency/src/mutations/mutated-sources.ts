/* Loaded ahead of a worker that is to run without one of its defences: changes its sources as they are read. */
import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { mutationNamed } from "./all-mutations.ts";
import { markMutated } from "./applied.ts";
import { mutated } from "./mutation.ts";

const mutation = mutationNamed(process.env["CONSISTENCY_MUTATION"] ?? "");
const file = pathToFileURL(join(import.meta.dirname, "../../../..", mutation.file)).href;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (url !== file) return loaded;
    const text =
      typeof loaded.source === "string" ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString();
    const source = mutated(text, mutation);
    markMutated();
    return { ...loaded, source };
  },
});
