import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { startRedis } from "@tooling/redis-server";
import { markedDocument } from "../report/marked-document.ts";
import { scaleText } from "./scale-text.ts";
import { serverCosts } from "./server-costs.ts";
import { scaleStep } from "./step.ts";

/* node --max-old-space-size=6000 src/scale/main.ts [--write]: simulates fleets of one to ten thousand processes; with `--write` into docs/scale.md. */
const documentPath = fileURLToPath(new URL("../../../../docs/scale.md", import.meta.url));
const sizes = [1, 10, 100, 1_000, 10_000];

await using server = await startRedis();
const costs = await serverCosts(server);
const text = scaleText(sizes.map(scaleStep), costs);
process.stdout.write(`${text}\n`);
if (process.argv.includes("--write"))
  writeFileSync(documentPath, markedDocument(readFileSync(documentPath, "utf8"), "bench:scale").with(text));
