import assert from "node:assert/strict";
import type { Proofs } from "../contract-case.ts";
import type { RemoteTrial } from "./remote-trial.ts";

const encoder = new TextEncoder();

/** Keys that a careless implementation stumbles over. */
const ODD_KEYS = [
  "",
  " ",
  " a b ",
  "a\u0000b",
  "a\r\nb",
  "*",
  "?[a-z]\\",
  "{}",
  "{a}b",
  "}{",
  "%00",
  "'\"`;--",
  "__proto__",
  "constructor",
  "é",
  "e\u0301",
  "日本",
  "🙂",
  "\ufeff",
  "x".repeat(2_000),
];

/** Which keys are read, and in which order. */
export const keyCases: Proofs<RemoteTrial> = {
  "a key that was never written is absent": async (trial) => {
    await trial.holds(["absent"], [undefined]);
  },
  "what was written is read back": async (trial) => {
    await trial.write("1", bytes("one"));
    await trial.holds(["1"], [bytes("one")]);
  },
  "a later frame takes the place of an earlier one": async (trial) => {
    await trial.write("1", bytes("a longer frame"), 60_000);
    await trial.write("1", bytes("short"));
    await trial.holds(["1"], [bytes("short")]);
  },
  "many keys come back in their order, with gaps and duplicates": async (trial) => {
    for (const name of ["a", "b", "c"]) await trial.write(name, bytes(name));
    const names = ["c", "absent", "a", "c", "gone", "b", "a", "absent"];
    const expected = names.map((name) => ("abc".includes(name) ? bytes(name) : undefined));
    await trial.holds(names, expected);
  },
  "no keys are read as no frames": async (trial) => {
    await trial.holds([], []);
  },
  "every well-formed string is a key of its own": async (trial) => {
    for (const [index, name] of ODD_KEYS.entries()) await trial.write(name, bytes(String(index)));
    await trial.holds(
      ODD_KEYS,
      ODD_KEYS.map((_, index) => bytes(String(index))),
    );
  },
  "many calls at the same time get their own answers": async (trial) => {
    const names = Array.from({ length: 50 }, (_, index) => `key ${index}`);
    await Promise.all(names.map((name) => trial.write(name, bytes(name))));
    await Promise.all(names.map((name) => trial.holds([name], [bytes(name)])));
  },
};

/** What becomes of the bytes. */
export const byteCases: Proofs<RemoteTrial> = {
  "every byte is kept": async (trial) => {
    const all = Uint8Array.from({ length: 256 }, (_, value) => value);
    await trial.write("all", all);
    await trial.holds(["all", "all"], [all, all]);
  },
  "an empty frame is a frame": async (trial) => {
    await trial.write("empty", new Uint8Array(0));
    await trial.holds(["empty"], [new Uint8Array(0)]);
  },
  "a frame of 1 MiB is kept": async (trial) => {
    const big = Uint8Array.from({ length: 1_048_576 }, (_, index) => (index * 31) >>> 3);
    await trial.write("big", big);
    const frame = await trial.read("big");
    assert.ok(frame !== undefined && Buffer.from(big).equals(frame));
  },
  "a frame may be a part of a larger buffer": async (trial) => {
    const larger = bytes("....the frame....");
    await trial.write("part", larger.subarray(4, 13));
    await trial.holds(["part"], [bytes("the frame")]);
  },
  "a frame that was returned belongs to the caller": async (trial) => {
    await trial.write("1", bytes("untouched"));
    for (const names of [["1"], ["1", "1"]]) {
      for (const frame of await trial.readMany(names)) frame?.fill(0);
      await trial.holds(["1"], [bytes("untouched")]);
    }
  },
  "the tier keeps no view of the bytes it was given": async (trial) => {
    const first = bytes("as it was given");
    const onItsWay = trial.write("1", first);
    first.fill(0);
    await onItsWay;
    await trial.holds(["1"], [bytes("as it was given")]);
    const second = Buffer.from("as it was given again");
    const alsoOnItsWay = trial.write("2", second);
    second.fill(0);
    await alsoOnItsWay;
    await trial.holds(["2"], [bytes("as it was given again")]);
  },
};

/** Taking keys away. */
export const removalCases: Proofs<RemoteTrial> = {
  "a removed key is absent": async (trial) => {
    await trial.write("1", bytes("one"));
    await trial.remove("1");
    await trial.holds(["1"], [undefined]);
  },
  "removing an absent key is no failure": async (trial) => {
    await trial.remove("absent");
    await trial.remove("absent", "absent");
  },
  "many keys are removed and the others stay": async (trial) => {
    for (const name of ["a", "b", "c", "d"]) await trial.write(name, bytes(name));
    await trial.remove("a", "c", "absent");
    await trial.holds(["a", "b", "c", "d"], [undefined, bytes("b"), undefined, bytes("d")]);
  },
  "removing no keys does nothing": async (trial) => {
    await trial.write("1", bytes("one"));
    await trial.remove();
    await trial.holds(["1"], [bytes("one")]);
  },
  "a removed key may be written again": async (trial) => {
    await trial.write("1", bytes("one"));
    await trial.remove("1");
    await trial.write("1", bytes("again"));
    await trial.holds(["1"], [bytes("again")]);
  },
};

function bytes(text: string): Uint8Array {
  return encoder.encode(text);
}
