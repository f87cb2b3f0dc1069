import { parseArgs } from "node:util";
import { startRedis } from "@tooling/redis-server";
import { Bench } from "../bench.ts";
import { casesNamed } from "../cases/cases.ts";
import { efforts } from "../effort.ts";
import { byHand } from "../peers/by-hand.ts";
import { lruCache } from "../peers/lru-cache.ts";
import { tiercache } from "../peers/tiercache.ts";
import { profilesOf } from "./profile.ts";
import { profileText } from "./profile-text.ts";

/*
 * node src/profile/main.ts --only name,… [--rounds 20] [--functions 30]: what the work of the cases whose names begin so goes into,
 * here and at the floor, by package and folder; and by function, where that is asked for.
 */
const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: ["batch-,l2-get-100b,miss"] },
    rounds: { type: "string", default: "20" },
    functions: { type: "string", default: "0" },
  },
});
await using server = await startRedis();
await using bench = new Bench(server.url, efforts.quick, [lruCache, byHand, tiercache]);
for (const one of casesNamed(values.only.flatMap((names) => names.split(",")))) {
  const { contenders, timesPerRound: times } = await one.prepare(bench);
  const profiles = await profilesOf(contenders, { times, rounds: Number(values.rounds) });
  process.stdout.write(`${profileText(one.title, profiles, Number(values.functions))}\n`);
}
await server.stop();
process.exit();
