import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";

/** A connection to the database. */
export class DatabaseClient {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, (version: number) => void>();
  #asked = 0;

  constructor(port: number) {
    this.#socket = connect(port, "127.0.0.1").setNoDelay(true);
    createInterface({ input: this.#socket }).on("line", (line) => {
      const [id, version] = JSON.parse(line) as [number, number];
      this.#waiting.get(id)?.(version);
      this.#waiting.delete(id);
    });
  }

  /** The version of a row: as it was when the question arrived, not when it is answered. */
  read(key: string): Promise<number> {
    return this.#ask("read", key);
  }

  /** As {@link read}, from a replica that lags behind: with what the row was a while before. */
  readReplica(key: string): Promise<number> {
    return this.#ask("read-replica", key);
  }

  /** Raises the version of a row. Resolves to the new one, once it is there. */
  write(key: string): Promise<number> {
    return this.#ask("write", key);
  }

  close(): void {
    this.#socket.destroy();
  }

  #ask(operation: "read" | "read-replica" | "write", key: string): Promise<number> {
    const id = this.#asked++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket.write(`${JSON.stringify([id, operation, key])}\n`);
    });
  }
}
