import { describe, expect, test } from "vitest";
import { Payload } from "./payload.ts";

const memory = (): Buffer => Buffer.from("....value");

describe("A payload", () => {
  test("gives away its own memory once, to whoever asks for just the headroom that it has", () => {
    const own = memory();
    const payload = new Payload(own, 4);
    expect(payload.within(4)).toBe(own);
    own.fill("x", 0, 4);
    const copy = payload.within(4);
    expect(Buffer.from(copy).toString("latin1", 4)).toBe("value");
    copy.fill(0);
    expect(own.toString()).toBe("xxxxvalue");
    expect(Buffer.from(payload.within(4)).toString("latin1", 4)).toBe("value");
  });

  test("is copied for whoever asks for another headroom, and its own memory stays", () => {
    const own = memory();
    const payload = new Payload(own, 4);
    for (const headBytes of [0, 3, 5, 100]) {
      const copy = Buffer.from(payload.within(headBytes));
      expect(copy.byteLength).toBe(headBytes + 5);
      expect(copy.toString("latin1", headBytes)).toBe("value");
      expect(copy.buffer === own.buffer && copy.byteOffset === own.byteOffset).toBe(false);
    }
    expect(payload.within(4)).toBe(own);
  });

  test("is copied where something is to stand behind it, and its own memory stays", () => {
    const own = memory();
    const payload = new Payload(own, 4);
    const copy = Buffer.from(payload.within(4, 8));
    expect(copy.byteLength).toBe(4 + 5 + 8);
    expect(copy.toString("latin1", 4, 9)).toBe("value");
    expect(payload.within(4)).toBe(own);
  });

  test("without headroom is never given away, as its memory may be the value's", () => {
    const own = Buffer.from("value");
    const payload = new Payload(own);
    for (const headBytes of [0, 4]) expect(payload.within(headBytes)).not.toBe(own);
    expect(own.toString()).toBe("value");
  });
});
