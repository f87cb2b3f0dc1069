import { Redis } from "ioredis";
import type { ServerAddress } from "./server-url.ts";

/** An ioredis client and what a tier needs to know of its coming and going. */
export interface Connection {
  readonly client: Redis;
  /** Settles when the attempt to connect that was running at construction has ended, either way; never rejects. */
  readonly firstAttempt: Promise<void>;
  /** Ends the connection if it is ours, in bounded time, and in any case stops listening. Never rejects. */
  close(): Promise<void>;
}

/** How long closing may take when the server does not answer: then the socket is destroyed. */
const CLOSE_WITHIN_MS = 500;

const RETRY_BASE_MS = 50;
const RETRY_LONGEST_MS = 2_000;
const RETRY_JITTER_MS = 100;

/**
 * Connects to a server in the way a cache needs: nothing waits in a queue, nothing is sent again, a server that does
 * not answer is given up soon, and connecting is tried for ever.
 */
export function ownConnection(server: ServerAddress, commandTimeoutMs: number): Connection {
  const client = new Redis({
    ...server,
    protocol: 2,
    lazyConnect: true,
    connectTimeout: 500,
    commandTimeout: commandTimeoutMs,
    socketTimeout: commandTimeoutMs * 2.5,
    disconnectTimeout: CLOSE_WITHIN_MS,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    enableReadyCheck: true,
    retryStrategy: (attempt) => backoffMs(attempt),
    // After a failover the old address is a replica. 1 connects anew; 2 would send the command again.
    reconnectOnError: (error) => (error.message.startsWith("READONLY") ? 1 : false),
  });
  client.on("error", ignore);
  const firstAttempt = endOfAttempt(client);
  client.connect().catch(ignore);
  return { client, firstAttempt, close: () => ended(client) };
}

/** Uses a client that the user has made and will end. */
export function borrowedConnection(client: Redis): Connection {
  client.on("error", ignore);
  const connecting = client.status === "connecting" || client.status === "connect";
  return {
    client,
    firstAttempt: connecting ? endOfAttempt(client) : Promise.resolve(),
    async close() {
      client.off("error", ignore);
    },
  };
}

function backoffMs(attempt: number): number {
  const delayMs = Math.min(RETRY_BASE_MS * 2 ** Math.min(attempt, 6), RETRY_LONGEST_MS);
  return delayMs + Math.random() * RETRY_JITTER_MS;
}

function endOfAttempt(client: Redis): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      for (const event of ["ready", "close", "end"]) client.off(event, end);
      resolve();
    };
    for (const event of ["ready", "close", "end"]) client.on(event, end);
  });
}

function ended(client: Redis): Promise<void> {
  return new Promise((resolve) => {
    const { status } = client;
    client.once("end", resolve);
    client.disconnect();
    // Between two attempts there is nothing that could end.
    if (status === "end" || status === "reconnecting") resolve();
  });
}

/** Failures reach the cache through the calls that they fail. Without a listener ioredis prints them. */
function ignore(): void {}
