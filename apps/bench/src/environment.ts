import { cpus, loadavg, release, type } from "node:os";
import { asked, type RedisServer } from "@tooling/redis-server";
import { versionOf } from "./installed.ts";
import { type Noise, noiseOf } from "./noise.ts";
import type { Peer } from "./peers/peer.ts";

/** What a run was made on. */
export interface Environment {
  /** The day, as `2026-11-21`. */
  readonly date: string;
  readonly machine: string;
  readonly node: string;
  readonly server: string;
  /** Each package that took part, with its release. */
  readonly versions: Readonly<Record<string, string>>;
  readonly noise: Noise;
}

/** Looks around, once. */
export async function environmentOf(server: RedisServer, peers: readonly Peer[]): Promise<Environment> {
  const processors = cpus();
  const names = [...new Set(peers.flatMap(({ packages }) => packages))];
  const info = await asked(server.port, "INFO server");
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${processors.length} × ${processors[0]?.model.trim() ?? "unknown"}, ${type()} ${release()}`,
    node: process.version,
    server: `${server.kind} ${/^(?:valkey|redis)_version:(\S+)/m.exec(info)?.[1] ?? "unknown"}`,
    versions: Object.fromEntries(names.map((name) => [name, versionOf(name)])),
    noise: noiseOf(loadavg()[0] ?? Number.NaN),
  };
}
