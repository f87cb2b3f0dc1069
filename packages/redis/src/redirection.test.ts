import { expect, test } from "vitest";
import { redirectionIn } from "./redirection.ts";

const replyError = (message: string): Error => Object.assign(new Error(message), { name: "ReplyError" });

test.each([
  ["MOVED 3999 10.0.0.7:6381", { kind: "MOVED", host: "10.0.0.7", port: 6381 }],
  ["ASK 3999 10.0.0.7:6381", { kind: "ASK", host: "10.0.0.7", port: 6381 }],
  ["MOVED 0 node.cache.internal:7000", { kind: "MOVED", host: "node.cache.internal", port: 7000 }],
  ["MOVED 0 2001:db8::7:7000", { kind: "MOVED", host: "2001:db8::7", port: 7000 }],
  ["MOVED 0 :7000", { kind: "MOVED", host: "", port: 7000 }],
])("%s says where to go", (message, redirection) => {
  expect(redirectionIn(replyError(message))).toEqual(redirection);
});

test.each([
  replyError("WRONGTYPE Operation against a key"),
  replyError("TRYAGAIN Multiple keys request during rehashing of slot"),
  replyError("CLUSTERDOWN The cluster is down"),
  new Error("MOVED 3999 10.0.0.7:6381"),
  "MOVED 3999 10.0.0.7:6381",
])("%s does not", (error) => {
  expect(redirectionIn(error)).toBeUndefined();
});
