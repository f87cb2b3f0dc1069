import { type RedisServer, startRedis } from "@tooling/redis-server";
import { cacheSettings } from "./cache-settings.ts";

/** A Redis or Valkey for the demo: somebody's own by its URL, or one that ends with the demo. */
export interface RemoteServer extends AsyncDisposable {
  readonly url: string;
  /** For people: what it is, without any credential. */
  readonly description: string;
  /** The server itself, to be broken and mended: only where the demo has started it. */
  readonly own?: RedisServer;
}

/**
 * The server that the environment names, else a private one; none where it asks for a cache without Redis.
 *
 * @returns The server, or one line that says why there is none and what would help.
 * @throws (rejects) As `cacheSettings` does.
 */
export async function openRemoteServer(environment: NodeJS.ProcessEnv): Promise<RemoteServer | string> {
  const { backend, redisUrl: url } = cacheSettings(environment);
  if (backend === "memory" || backend === "off") return `The environment asks for the cache backend "${backend}".`;
  if (url !== undefined) {
    return { url, description: "the server that the environment names", [Symbol.asyncDispose]: async () => {} };
  }
  try {
    const server = await startRedis();
    const description = `${server.kind} on port ${server.port}`;
    return { url: server.url, description, own: server, [Symbol.asyncDispose]: () => server.stop() };
  } catch (error) {
    return error instanceof Error ? error.message : "No Redis could be started.";
  }
}
