import { exit, stderr, stdout } from "node:process";
import { fetchRedisServer } from "./debian-packages.ts";
import { findRedisServer } from "./redis-binary.ts";

/*
 * node src/ensure.ts: makes sure that there is a server on this machine. Says in one line on stderr which it is, or that
 * it is being fetched, or how to get one; the executable's path goes to stdout. Exits with 1 where none can be had.
 */
try {
  const found = await findRedisServer();
  const news =
    found === undefined ? "fetching a Redis server into .toolchain" : `${found.kind} ${found.version}: ${found.path}`;
  stderr.write(`tiercache: ${news}\n`);
  stdout.write(`${(found ?? (await fetchRedisServer())).path}\n`);
} catch (error) {
  stderr.write(`tiercache: ${error instanceof Error ? error.message : String(error)}\n`);
  exit(1);
}
