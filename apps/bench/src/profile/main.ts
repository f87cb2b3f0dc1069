import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { startRedis } from "@tooling/redis-server";
import { Bench } from "../bench.ts";
import { cases, casesNamed } from "../cases/cases.ts";
import { efforts } from "../effort.ts";
import { byHand } from "../peers/by-hand.ts";
import { lruCache } from "../peers/lru-cache.ts";
import { tiercache } from "../peers/tiercache.ts";
import { documentPath } from "../report/document.ts";
import { markedDocument } from "../report/marked-document.ts";
import { bundleText } from "./bundle-text.ts";
import { profilesOf } from "./profile.ts";
import { profileText } from "./profile-text.ts";

/*
 * node src/profile/main.ts [--only name,…] [--rounds 20] [--functions 30] [--write]: what the work of cases goes into, here and at the
 * floor, by package and folder, and by function, where that is asked for; and what the bundle of the core is made of. With `--write` into docs/benchmarks.md.
 */
const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [] },
    rounds: { type: "string", default: "20" },
    functions: { type: "string", default: "0" },
    write: { type: "boolean", default: false },
  },
});
const usual = new Set(["l1-get", "l2-get-100b", "l2-get-100b-100", "miss", "miss-100", "batch-get", "batch-load"]);
const names = values.only.flatMap((some) => some.split(","));
const chosen = names.length > 0 ? casesNamed(names) : cases.filter(({ name }) => usual.has(name));
await using server = await startRedis();
await using bench = new Bench(server.url, efforts.quick, [lruCache, byHand, tiercache]);
const texts: string[] = [];
for (const one of chosen) {
  const { contenders, timesPerRound: times } = await one.prepare(bench);
  const profiles = await profilesOf(contenders, { times, rounds: Number(values.rounds) });
  const text = profileText(one.title, profiles, Number(values.functions));
  process.stdout.write(`${text}\n`);
  texts.push(text);
}
if (names.length === 0) {
  const text = await bundleText("@tiercache/core");
  process.stdout.write(`${text}\n`);
  texts.push(text);
}
if (values.write) {
  const document = markedDocument(readFileSync(documentPath, "utf8"), "bench:profile");
  writeFileSync(documentPath, document.with(`\n${texts.join("\n")}`));
}
await server.stop();
process.exit();
