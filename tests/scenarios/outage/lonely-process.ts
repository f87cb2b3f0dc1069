/*
 * A process of its own, run by process-end.test.ts: `lonely-process.ts <what> <url> [unref]`. Tells on stdout what it has done, and
 * each warning and unhandled rejection.
 */
import { createCache } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { redis } from "@tiercache/redis";

const [what = "", url = "", unref = ""] = process.argv.slice(2);
const say = (text: string): void => void process.stdout.write(`${text}\n`);
process.on("warning", ({ name }) => say(`warning: ${name}`));
process.on("unhandledRejection", () => say("unhandled rejection"));

const cache = createCache({ tiers: [lru(), redis({ url })], unref: unref === "unref" });
const users = cache.namespace("user", { load: (id) => id });
say(`read ${await users.get("7")}`);

if (what === "close") {
  await cache.close();
  say("closed");
} else if (what === "many") {
  for (let round = 0; round < 40; round++) {
    await users.getMany(Array.from({ length: 50 }, (_, id) => `${round}-${id}`));
    void users.set(`${round}`, "v");
    void users.invalidate(`${round}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  await cache.close();
  say("closed");
}
say("done");
