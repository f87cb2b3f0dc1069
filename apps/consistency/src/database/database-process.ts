/*
 * The database: a process of its own on a port of the loopback. A question is a line `[id, "read" | "read-replica" | "write", key]`, an answer
 * `[id, version]`. A read is done at once and answered late, so that what it says is often out of date. Ends with its parent.
 */
import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { monotonicMs } from "../monotonic.ts";
import { Random } from "../random.ts";
import { RowStore, readDelayMs } from "./row-store.ts";

type Question = "read" | "read-replica" | "write";

const rows = new RowStore();
const random = new Random(Number(process.argv[2] ?? 1));

function answerTo(operation: Question, key: string): number {
  if (operation === "write") return rows.write(key, monotonicMs());
  return operation === "read" ? rows.read(key) : rows.readReplica(key, monotonicMs());
}

function answer(socket: Socket, line: string): void {
  const [id, operation, key] = JSON.parse(line) as [number, Question, string];
  const version = answerTo(operation, key);
  const send = (): void => {
    if (socket.writable) socket.write(`[${id},${version}]\n`);
  };
  if (operation === "write") send();
  else setTimeout(send, readDelayMs(random));
}

const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  createInterface({ input: socket }).on("line", (line) => answer(socket, line));
});

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.(typeof address === "object" && address !== null ? address.port : 0);
});
process.on("disconnect", () => process.exit(0));
