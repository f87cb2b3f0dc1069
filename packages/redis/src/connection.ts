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
  /** Has the connection not keep the process alive by itself, if it is ours. */
  unref(): void;
  /** Ends the connection if it is ours, in bounded time, and in any case stops listening. Never rejects. */
  close(): Promise<void>;
}

/** How long closing may take when the server does not answer: then the socket is destroyed. */
const CLOSE_WITHIN_MS = 500;

/** How long a connection that only listens may take to stand, and to answer. Nobody waits for it. */
const LISTENING_WITHIN_MS = 1_000;

/** How long is waited for the first connection. A client that asks Sentinels in vain never ends its first attempt. */
const ATTEMPT_WITHIN_MS = 1_000;

const RETRY_FIRST_MS = 50;
const RETRY_LONGEST_MS = 2_000;

/** So small that a server is found again after about a tenth of the time that it was away. */
const RETRY_GROWTH = 1.1;
const RETRY_JITTER = 0.2;

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
    // Well behind the cache's own deadline, where that is as long: that makes allowance for what this process itself was busy with.
    commandTimeout: commandTimeoutMs * 2,
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
  const again = begunAgain(client);
  return {
    client,
    attempted: () => attempt,
    unref() {
      again.unref();
      unref(client);
    },
    close() {
      again.stop();
      return ended(client);
    },
  };
}

/**
 * Has a client connect again when it has given up for good: a failover that a Sentinel tells of at the wrong moment makes it
 * do so.
 */
function begunAgain(client: Redis): { readonly stop: () => void; readonly unref: () => void } {
  let [attempts, isIdle] = [0, false];
  let retry: NodeJS.Timeout | undefined;
  const again = (): void => {
    retry = setTimeout(() => void client.connect().catch(ignore), backoffMs(attempts++));
    if (isIdle) retry.unref();
  };
  const reset = (): void => {
    attempts = 0;
  };
  client.on("end", again).on("ready", reset);
  return {
    stop() {
      clearTimeout(retry);
      client.off("end", again).off("ready", reset);
    },
    unref() {
      isIdle = true;
      retry?.unref();
    },
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
    unref() {},
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
  const delayMs = Math.min(RETRY_FIRST_MS * RETRY_GROWTH ** attempt, RETRY_LONGEST_MS);
  return delayMs * (1 + RETRY_JITTER * Math.random());
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

/**
 * Has a client's connections, now and later, not keep the process alive by themselves. An attempt to connect does until it has
 * ended, which is soon.
 */
export function unref(client: Redis): void {
  // Neither is public; without them the process is only kept alive as before.
  const parts: { readonly stream?: { unref?(): void }; readonly reconnectTimeout?: NodeJS.Timeout | null } =
    client as never;
  client.on("connect", () => parts.stream?.unref?.());
  client.on("reconnecting", () => parts.reconnectTimeout?.unref());
  parts.stream?.unref?.();
  parts.reconnectTimeout?.unref();
}

/** Failures reach the cache through the calls that they fail. Without a listener ioredis prints them. */
export function ignore(): void {}
