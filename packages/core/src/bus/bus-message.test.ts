import { expect, test } from "vitest";
import { messageText, readMessage, type SentMessage } from "./bus-message.ts";

test.each<SentMessage>([
  { by: "a:0", message: { kind: "gone", namespace: "user", ids: ["1", 'odd ":[{'] } },
  { by: "a:1", message: { kind: "stale", namespace: "user", ids: ["7"], version: 0 } },
  { by: "a:2", message: { kind: "gone", namespace: "", ids: ["7", "8"], version: 2 ** 53 - 1 } },
  { by: "b:7", message: { kind: "filled", namespace: "user", ids: [] } },
])("%j is heard as it was said", (sent) => {
  expect(readMessage(messageText(sent))).toEqual(sent);
});

test.each(["", "hello", "{}", "[]", "[1,2]", "null", '["other",1]', '["tiercache:1","a",{}]', "x".repeat(100_000)])(
  "%.20s is nobody's",
  (text) => {
    expect(readMessage(text)).toBe("foreign");
  },
);

test.each([
  '["tiercache:2","a","gone"]',
  '["tiercache:1"]',
  '["tiercache:1","a","later","x"]',
  '["tiercache:1","a","gone"]',
  '["tiercache:1","a","gone-below","user"]',
  '["tiercache:1","a","gone-below","user","7.5","1"]',
  '["tiercache:1","a","stale-below","user","9007199254740992","1"]',
])("%s may be of importance, and is taken for that", (text) => {
  expect(readMessage(text)).toBe("unknown");
});
