/* Loaded ahead of a worker that is to run without one of its defences: changes its sources as they are read. */
import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { mutationNamed } from "./all-mutations.ts";
import { markMutated } from "./applied.ts";
import { edited } from "./mutation.ts";

const { edits } = mutationNamed(process.env["CONSISTENCY_MUTATION"] ?? "");
const urls = edits.map(({ file }) => pathToFileURL(join(import.meta.dirname, "../../../..", file)).href);
const left = new Set(edits);

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const here = edits.filter((_, index) => urls[index] === url);
    if (here.length === 0) return loaded;
    const text =
      typeof loaded.source === "string" ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString();
    for (const edit of here) left.delete(edit);
    if (left.size === 0) markMutated();
    return { ...loaded, source: here.reduce(edited, text) };
  },
});
