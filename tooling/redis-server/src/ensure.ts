import { argv, exit, stderr, stdout } from "node:process";
import { fetchRedisServer } from "./fetch-redis-server.ts";
import { findRedisServer, type RedisKind, wantedKind } from "./redis-binary.ts";

/*
 * node src/ensure.ts [redis|valkey]: makes sure that there is a server on this machine, of a certain kind if one is named.
 * Says in one line on stderr which it is, or that it is being fetched, or how to get one; the executable's path goes to
 * stdout. Exits with 1 where none can be had.
 */
try {
  const kind = kindIn(argv[2]) ?? wantedKind();
  const wanted = kind === undefined ? {} : { kind };
  const found = await findRedisServer(wanted);
  const name = kind === "valkey" ? "Valkey" : "Redis";
  const news =
    found === undefined ? `fetching a ${name} server into .toolchain` : `${found.kind} ${found.version}: ${found.path}`;
  stderr.write(`tiercache: ${news}\n`);
  stdout.write(`${(found ?? (await fetchRedisServer(wanted))).path}\n`);
} catch (error) {
  stderr.write(`tiercache: ${error instanceof Error ? error.message : String(error)}\n`);
  exit(1);
}

function kindIn(argument: string | undefined): RedisKind | undefined {
  if (argument === undefined || argument === "redis" || argument === "valkey") return argument;
  throw new Error(`${JSON.stringify(argument)} is no server; allowed is redis or valkey.`);
}
