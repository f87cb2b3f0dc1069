import { Redis, type RedisOptions } from "ioredis";
import { wordOf } from "./failure.ts";

/** Where a server is, how to log in there, and how it is encrypted, as ioredis wants to know it. */
export type ServerPlace = Omit<RedisOptions, "replyMapping">;

/** An ioredis client and what a tier needs to know of its coming and going. */
export interface Connection {
  readonly client: Redis;
  /**
   * Settles when the first attempt to connect has ended, either way, or takes longer than anybody would wait; begins it on a
   * client that waits for its first command. Never rejects.
   */
  attempted(): Promise<void>;
  /** Ends the connection if it is ours, in bounded time, and in any case stops listening. Never rejects. */
  close(): Promise<void>;
}

/** How long closing may take when the server does not answer: then the socket is destroyed. */
const CLOSE_WITHIN_MS = 500;

/** How long a connection that only listens may take to stand, and to answer. Nobody waits for it. */
const LISTENING_WITHIN_MS = 1_000;

/** How long is waited for the first connection. A client that asks Sentinels in vain never ends its first attempt. */
const ATTEMPT_WITHIN_MS = 1_000;

const RETRY_BASE_MS = 50;
const RETRY_LONGEST_MS = 2_000;
const RETRY_JITTER_MS = 100;

/**
 * Connects to a server in the way a cache needs: nothing waits in a queue, nothing is sent again, a server that does
 * not answer is given up soon, and connecting is tried for ever.
 */
export function ownConnection(server: ServerPlace, commandTimeoutMs: number): Connection {
  const client = new Redis({
    ...server,
    protocol: 2,
    replyMapping: "legacy",
    lazyConnect: true,
    connectTimeout: 500,
    commandTimeout: commandTimeoutMs,
    socketTimeout: commandTimeoutMs * 2.5,
    disconnectTimeout: CLOSE_WITHIN_MS,
    enableOfflineQueue: false,
    enableAutoPipelining: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    enableReadyCheck: true,
    retryStrategy: (attempt) => backoffMs(attempt),
    // After a failover the old address is a replica. 1 connects anew; 2 would send the command again.
    reconnectOnError: (error) => (wordOf(error) === "READONLY" ? 1 : false),
  });
  client.on("error", ignore);
  const attempt = begunAttempt(client);
  const stop = begunAgain(client);
  return {
    client,
    attempted: () => attempt,
    close() {
      stop();
      return ended(client);
    },
  };
}

/**
 * Has a client connect again when it has given up for good: a failover that a Sentinel tells of at the wrong moment makes it
 * do so. Returns what ends that.
 */
function begunAgain(client: Redis): () => void {
  let attempts = 0;
  let retry: NodeJS.Timeout | undefined;
  const again = (): void => {
    retry = setTimeout(() => void client.connect().catch(ignore), backoffMs(attempts++)).unref();
  };
  const reset = (): void => {
    attempts = 0;
  };
  client.on("end", again).on("ready", reset);
  return () => {
    clearTimeout(retry);
    client.off("end", again).off("ready", reset);
  };
}

/** Uses a client that the user has made and will end. */
export function borrowedConnection(client: Redis): Connection {
  client.on("error", ignore);
  let attempt = ["connecting", "connect"].includes(client.status) ? endOfAttempt(client) : Promise.resolve();
  return {
    client,
    attempted() {
      if (client.status === "wait") attempt = begunAttempt(client);
      return attempt;
    },
    async close() {
      client.off("error", ignore);
    },
  };
}

/**
 * A client for listening on the server of another one: it fails soon, sends nothing twice, and leaves it to its user what is
 * subscribed to. It is not connected yet.
 */
export function listeningClient(model: Redis, retryStrategy: () => number): Redis {
  return model.duplicate({
    protocol: 2,
    replyMapping: "legacy",
    monitor: false,
    lazyConnect: true,
    connectTimeout: LISTENING_WITHIN_MS,
    commandTimeout: LISTENING_WITHIN_MS,
    socketTimeout: undefined,
    disconnectTimeout: CLOSE_WITHIN_MS,
    enableOfflineQueue: false,
    enableAutoPipelining: false,
    autoResendUnfulfilledCommands: false,
    // ioredis would subscribe again without handling a failure, and tell nobody when it has.
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    enableReadyCheck: true,
    reconnectOnError: null,
    retryStrategy,
  });
}

/** How long to wait before the next attempt to connect: longer each time, and not the same for all processes. */
export function backoffMs(attempt: number): number {
  const delayMs = Math.min(RETRY_BASE_MS * 2 ** Math.min(attempt, 6), RETRY_LONGEST_MS);
  return delayMs + Math.random() * RETRY_JITTER_MS;
}

function begunAttempt(client: Redis): Promise<void> {
  const end = endOfAttempt(client);
  client.connect().catch(ignore);
  return end;
}

function endOfAttempt(client: Redis): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(atTheLatest);
      for (const event of ["ready", "close", "end"]) client.off(event, end);
      resolve();
    };
    const atTheLatest = setTimeout(end, ATTEMPT_WITHIN_MS).unref();
    for (const event of ["ready", "close", "end"]) client.on(event, end);
  });
}

/** Ends a client for good. Settles in bounded time; never rejects. */
export function ended(client: Redis): Promise<void> {
  return new Promise((resolve) => {
    const { status } = client;
    const done = (): void => {
      clearTimeout(atTheLatest);
      resolve();
    };
    // A client that is asking Sentinels for an address may be long in noticing that it shall stop.
    const atTheLatest = setTimeout(done, 2 * CLOSE_WITHIN_MS);
    client.once("end", done);
    client.disconnect();
    // Between two attempts there is nothing that could end.
    if (status === "end" || status === "reconnecting") done();
  });
}

/** Failures reach the cache through the calls that they fail. Without a listener ioredis prints them. */
export function ignore(): void {}
