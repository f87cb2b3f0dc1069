import { type RedisServer, startRedis } from "@tooling/redis-server";

/** A Redis or Valkey for the demo: somebody's own by its URL, or one that ends with the demo. */
export interface RemoteServer extends AsyncDisposable {
  readonly url: string;
  /** For people: what it is, without any credential. */
  readonly description: string;
  /** The server itself, to be broken and mended: only where the demo has started it. */
  readonly own?: RedisServer;
}

/**
 * The server that `TIERCACHE_REDIS_URL` names, else a private one.
 *
 * @returns The server, or one line that says why there is none and what would help.
 */
export async function openRemoteServer(environment: NodeJS.ProcessEnv): Promise<RemoteServer | string> {
  const url = environment["TIERCACHE_REDIS_URL"];
  if (url !== undefined && url !== "") {
    return { url, description: "the server of TIERCACHE_REDIS_URL", [Symbol.asyncDispose]: async () => {} };
  }
  try {
    const server = await startRedis();
    const description = `${server.kind} on port ${server.port}`;
    return { url: server.url, description, own: server, [Symbol.asyncDispose]: () => server.stop() };
  } catch (error) {
    return error instanceof Error ? error.message : "No Redis could be started.";
  }
}
