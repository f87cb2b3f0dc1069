import { startRedis } from "@tooling/redis-server";
import { type Comparison, measure, type Result } from "./comparison.ts";
import { frames } from "./frames.ts";
import { coarseHit, localHit } from "./local-hit.ts";
import { codecs } from "./msgpack-sizes.ts";
import { RemoteHit } from "./remote-hit.ts";
import { seenHit } from "./seen-hit.ts";
import { wrappedSerializers } from "./serializers.ts";

const rounds = 15;

function print(results: readonly Result[]): void {
  for (const { contender, medianNs, ratio } of results) {
    const time = medianNs >= 10_000 ? `${(medianNs / 1_000).toFixed(1)} µs` : `${medianNs.toFixed(0)} ns`;
    process.stdout.write(`  ${contender.padEnd(36)}${time.padStart(10)}  ${ratio.toFixed(2)} × the floor's time\n`);
  }
}

async function run(comparison: Comparison): Promise<void> {
  process.stdout.write(`${comparison.name}\n`);
  print(await measure(comparison, rounds));
}

const server = await startRedis();
const remoteHit = new RemoteHit(server.url);
try {
  await run(await localHit());
  await run(await seenHit());
  for (const inFlight of [1, 100]) await run(await remoteHit.comparison(inFlight));
  for (const comparison of codecs()) await run(comparison);
  await run(await coarseHit());
  for (const comparison of [...wrappedSerializers(), ...frames()]) await run(comparison);
} finally {
  await remoteHit.close();
  await server.stop();
}
