import { inspect } from "node:util";
import { CacheError } from "@tiercache/core";
import { expect, test } from "vitest";
import { failureOf, wordOf } from "./failure.ts";

const replyError = (message: string): Error => Object.assign(new Error(message), { name: "ReplyError" });

test.each([
  [replyError("WRONGTYPE Operation against a key holding the wrong kind of value"), "WRONGTYPE"],
  [replyError("OOM command not allowed when used memory > 'maxmemory'."), "OOM"],
  [replyError("ERR unknown command"), "ERR"],
  [
    replyError("ERR Error running script (call to f_0a1b): @user_script:3: WRONGTYPE Operation against a key"),
    "WRONGTYPE",
  ],
  [replyError("ERR Error running script (call to f_0a1b): @user_script:3: @user_script: 3: -OOM command not"), "OOM"],
  [replyError("ERR Error running script (call to f_0a1b): @user_script:3: attempt to index a nil value"), "ERR"],
  [Object.assign(new Error("connect ECONNREFUSED 10.0.0.7:6379"), { code: "ECONNREFUSED" }), "ECONNREFUSED"],
  [new Error("Command timed out"), "TIMEOUT"],
  [new Error("Stream isn't writeable and enableOfflineQueue options is false"), "NOT_CONNECTED"],
  [new Error("Connection is closed."), "NOT_CONNECTED"],
  [new Error("SECRET in an unknown message"), "UNKNOWN"],
  [Object.assign(new Error("x"), { code: "not a code" }), "UNKNOWN"],
  ["SECRET", "UNKNOWN"],
])("%s is %s", (error, word) => {
  expect(wordOf(error)).toBe(word);
});

test("an error of our own is handed on as it is", () => {
  const own = new CacheError("TIER_FAILED", "The bus has not begun to listen.");
  expect(failureOf(own)).toBe(own);
});

test("the error that is handed on has the word and nothing else of the original", () => {
  const original = Object.assign(replyError("WRONGPASS hunter2"), { command: { name: "auth", args: ["hunter2"] } });
  const failure = failureOf(original);
  expect(failure).toMatchObject({
    code: "TIER_FAILED",
    message: "Redis failed: WRONGPASS.",
    cause: { code: "WRONGPASS" },
  });
  expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain("hunter2");
});
