import { expect, test } from "vitest";
import { TickCork } from "../src/tick-cork.ts";

/** Counts in how many pieces what is written leaves. */
class Pieces {
  readonly left: string[] = [];
  #corks = 0;
  #held = "";

  cork(): void {
    this.#corks++;
  }

  uncork(): void {
    this.#corks--;
    if (this.#corks > 0 || this.#held === "") return;
    this.left.push(this.#held);
    this.#held = "";
  }

  write(text: string): void {
    if (this.#corks > 0) this.#held += text;
    else this.left.push(text);
  }
}

test("what is written in one tick leaves together at its end, also what its promises write", async () => {
  const [cork, socket] = [new TickCork(), new Pieces()];
  const write = (text: string): void => {
    cork.hold(socket);
    socket.write(text);
  };
  write("a");
  write("b");
  void Promise.resolve().then(() => write("c"));
  expect(socket.left).toEqual([]);
  await new Promise(setImmediate);
  expect(socket.left.join("")).toBe("abc");
  expect(socket.left.length).toBeLessThan(3);
  write("d");
  write("e");
  await new Promise(setImmediate);
  expect(socket.left.at(-1)).toBe("de");
});

test("what was written to the socket before another one came leaves at once, and nothing stays corked", async () => {
  const [cork, first, second] = [new TickCork(), new Pieces(), new Pieces()];
  cork.hold(first);
  first.write("a");
  cork.hold(second);
  second.write("b");
  expect(first.left).toEqual(["a"]);
  await new Promise(setImmediate);
  first.write("c");
  second.write("d");
  expect([first.left, second.left]).toEqual([
    ["a", "c"],
    ["b", "d"],
  ]);
});

test("a client that shows no socket, or one that cannot be corked, is left as it is", () => {
  const cork = new TickCork();
  cork.hold(undefined);
  cork.hold({});
});
