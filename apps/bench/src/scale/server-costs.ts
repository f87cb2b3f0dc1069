import { asked, type RedisServer } from "@tooling/redis-server";
import { Redis } from "ioredis";
import { readInFlight } from "../in-flight.ts";

/** What a server's processor spends, in µs: on a command that comes alone, and on handing a message to one who listens. */
export interface ServerCosts {
  readonly commandMicros: number;
  readonly scriptMicros: number;
  readonly deliveryMicros: number;
}

const CLIENTS = 20;
const COMMANDS = 40_000;
const LISTENERS = 100;
const MESSAGES = 2_000;
const MESSAGE = "x".repeat(52);

/** A script of the size of those that commit and invalidate. */
const script = `local head = redis.call('GETRANGE', KEYS[1], 4, 23)
if string.sub(head, 5) ~= ARGV[1] then redis.call('SET', KEYS[1], ARGV[2], 'PX', 60000) end return 1`;

/** Asks a server by its own count of processor time, which a busy machine does not make longer. */
export async function serverCosts(server: RedisServer): Promise<ServerCosts> {
  const clients = Array.from({ length: CLIENTS }, () => new Redis(server.url));
  const listeners = Array.from({ length: LISTENERS }, () => new Redis(server.url));
  try {
    await clients[0]?.set("key", MESSAGE);
    const commandMicros = await microsOf(server, clients, (client) => client.get("key"));
    const scriptMicros = await microsOf(server, clients, (client) =>
      client.eval(script, 1, "other", "revision", MESSAGE),
    );
    const deliveryMicros = await deliveryCost(server, clients[0], listeners);
    return { commandMicros, scriptMicros, deliveryMicros };
  } finally {
    for (const client of [...clients, ...listeners]) client.disconnect();
  }
}

async function microsOf(
  server: RedisServer,
  clients: readonly Redis[],
  ask: (client: Redis) => Promise<unknown>,
): Promise<number> {
  const names = clients.map((_, index) => `${index}`);
  const before = await cpuMicros(server);
  await readInFlight(names, COMMANDS, async (name) => {
    const client = clients[Number(name)];
    return client === undefined ? undefined : ask(client);
  });
  return ((await cpuMicros(server)) - before) / COMMANDS;
}

async function deliveryCost(
  server: RedisServer,
  sender: Redis | undefined,
  listeners: readonly Redis[],
): Promise<number> {
  let heard = 0;
  const all = Promise.withResolvers<void>();
  for (const listener of listeners) {
    await listener.subscribe("channel");
    listener.on("message", () => {
      if (++heard === MESSAGES * LISTENERS) all.resolve();
    });
  }
  const before = await cpuMicros(server);
  // Some at a time, as they come from many processes.
  for (let message = 0; message < MESSAGES; message += CLIENTS)
    await Promise.all(Array.from({ length: CLIENTS }, async () => sender?.publish("channel", MESSAGE)));
  await all.promise;
  return ((await cpuMicros(server)) - before) / (MESSAGES * LISTENERS);
}

async function cpuMicros(server: RedisServer): Promise<number> {
  const info = await asked(server.port, "INFO cpu");
  const seconds = ["user", "sys"].map((kind) => Number(new RegExp(`^used_cpu_${kind}:([\\d.]+)`, "m").exec(info)?.[1]));
  return seconds.reduce((sum, each) => sum + each, 0) * 1_000_000;
}
