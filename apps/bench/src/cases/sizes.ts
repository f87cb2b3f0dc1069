import { gzipSync } from "node:zlib";
import type { Bench } from "../bench.ts";
import { bundleOf, programOf } from "../bundle.ts";
import type { Case } from "../case.ts";
import type { Comparison, Contender } from "../comparison.ts";
import { installedFiles } from "../installed.ts";
import type { Peer } from "../peers/peer.ts";

const KIB = 1_024;

/** What is installed, and what would be sent to a browser or an edge. */
export const sizes: readonly Case[] = [
  {
    name: "installed-size",
    title: "installed size of a set-up with two tiers",
    rounds: 0,
    prepare: async (bench) =>
      withFloor("installed", bench, (peer) => {
        const { bytes, packages } = installedFiles(peer.packages);
        return { KiB: bytes / KIB, packages };
      }),
  },
  {
    name: "bundle-size",
    title: "bundle of what is imported, without the client, minified and gzipped",
    rounds: 0,
    goals: [{ contender: "@tiercache/core alone", figure: "KiB gzipped", atMost: 16 }],
    prepare: bundles,
  },
];

function withFloor(name: string, bench: Bench, figuresOf: (peer: Peer) => Record<string, number>): Comparison {
  const contenders = bench
    .peersWith("remote")
    .map((peer): Contender => ({ name: peer.name, run: async () => figuresOf(peer) }));
  const [floor, ...others] = contenders;
  if (floor === undefined) throw new Error("Nobody takes part.");
  return { name, timesPerRound: 1, contenders: [floor, ...others] };
}

/** Beside our own parts one by one, as nobody needs all of them. */
async function bundles(bench: Bench): Promise<Comparison> {
  return {
    name: "bundles",
    timesPerRound: 1,
    contenders: [
      bundled("lru-cache + msgpackr", programOf(["lru-cache", "msgpackr"])),
      bundled("@tiercache/core alone", programOf(["@tiercache/core"])),
      bundled("createCache() alone", 'export { createCache } from "@tiercache/core";'),
      ...bench.peers
        .filter(({ name }) => name !== "lru-cache" && name !== "ioredis + msgpackr")
        .map(({ name, modules }) => bundled(name, programOf(modules))),
    ],
  };
}

function bundled(name: string, program: string): Contender {
  return {
    name,
    async run() {
      const code = await bundleOf(program);
      return { "KiB gzipped": gzipSync(code, { level: 9 }).length / KIB, "KiB minified": code.length / KIB };
    },
  };
}
