import { startRedis } from "@tooling/redis-server";
import type { Figures } from "../comparison.ts";
import { quantile } from "../median.ts";
import type { Peer } from "../peers/peer.ts";
import { after, DEADLINE_MS, during, type Fault } from "./outage.ts";
import { Traffic } from "./traffic.ts";

/** How long reads take that no local tier can answer, while a server of their own is away, with any peer. */
export async function readsDuring(fault: Fault, awayMs: number, peer: Peer): Promise<Figures> {
  await using server = await startRedis();
  const traffic = new Traffic();
  const cache = await peer.open({
    tiers: "both",
    url: server.url,
    name: "outage",
    load: traffic.load,
    loadMany: (ids) => Promise.all(ids.map(traffic.load)),
    maxEntries: 10_000,
  });
  await traffic.start({ get: (id) => cache.get(id), invalidate: async (id) => cache.invalidate?.(id) });
  await after(awayMs / 3);
  const awayFrom = performance.now();
  await fault.begin(server);
  await after(awayMs);
  // To start a server again blocks this process: what had just begun by then would be measured with that.
  const awayUntil = performance.now() - 50;
  await fault.end(server);
  await traffic.stop();
  // Who cannot leave a server alone that he has lost is not waited for.
  await Promise.race([cache.close().catch(() => {}), after(1_000)]);
  const cold = during(traffic.cold, awayFrom, awayUntil);
  return {
    "ms (p50)": quantile(cold, 0.5),
    "ms (p99)": quantile(cold, 0.99),
    "ms (p99 after 200 ms)": quantile(during(traffic.cold, awayFrom + DEADLINE_MS, awayUntil), 0.99),
    errors: traffic.errors,
    "wrong values": traffic.wrongValues,
  };
}
