import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Link } from "../src/faults/link.ts";

let server: Server;
let link: Link;
const opened: Socket[] = [];

beforeEach(async () => {
  // Says back what it is told.
  server = createServer((socket) => socket.on("error", () => {}).pipe(socket));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  link = await Link.to(typeof address === "object" && address !== null ? address.port : 0);
});

afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy();
  link.close();
  server.close();
});

/** A connection on which something has been said and answered. */
async function connected(said: string): Promise<Socket> {
  const socket = connect(Number(new URL(link.url).port), "127.0.0.1");
  opened.push(socket);
  socket.on("error", () => {});
  await answered(socket, said);
  return socket;
}

async function answered(socket: Socket, said: string): Promise<string> {
  socket.write(said);
  const [bytes] = (await once(socket, "data")) as [Buffer];
  return bytes.toString();
}

test("a cut closes what listens, and what begins to listen later, and nothing else", async () => {
  const listening = await connected("subscribe");
  const asking = await connected("get");
  link.listening = "closed";
  await once(listening, "close");
  const later = connect(Number(new URL(link.url).port), "127.0.0.1").on("error", () => {});
  opened.push(later);
  later.write("subscribe");
  await once(later, "close");
  expect(await answered(asking, "get again")).toBe("get again");
});

test("a deaf connection stays open and hears nothing, and is closed when the others hear again", async () => {
  const listening = await connected("subscribe");
  const asking = await connected("get");
  const heard: string[] = [];
  listening.on("data", (bytes) => heard.push(String(bytes)));
  link.listening = "deaf";
  listening.write("message");
  expect(await answered(asking, "get again")).toBe("get again");
  link.listening = "open";
  await once(listening, "close");
  expect(heard).toEqual([]);
});

test("slow answers keep their order, also when they are slow no longer", async () => {
  const asking = await connected("get");
  let heard = "";
  asking.on("data", (bytes) => {
    heard += String(bytes);
  });
  link.replyDelayMs = 30;
  asking.write("a");
  await once(asking, "data");
  asking.write("b");
  link.replyDelayMs = 0;
  asking.write("c");
  while (heard.length < 3) await once(asking, "data");
  expect(heard).toBe("abc");
});

test("answers whose timers are set for nearly the same moment keep their order too", async () => {
  const asking = await connected("get");
  asking.setNoDelay(true);
  let heard = "";
  asking.on("data", (bytes) => {
    heard += String(bytes);
  });
  let said = "";
  for (let round = 0; round < 40; round++) {
    link.replyDelayMs = 8;
    for (let piece = 0; piece < 12; piece++) {
      said += `${round}.${piece} `;
      asking.write(`${round}.${piece} `);
      // Each arrives by itself, and the timers of several are set in different ms.
      const from = performance.now();
      while (performance.now() - from < 0.3) await new Promise((resolve) => setImmediate(resolve));
      if (piece === 1) link.replyDelayMs = 0;
    }
    while (heard.length < said.length) await once(asking, "data");
  }
  expect(heard).toBe(said);
});
