import { expect, test } from "vitest";
import { type ClusterMessage, clusterText, readClusterText } from "./cluster-message.ts";

test.each<ClusterMessage>([
  { kind: "whole", by: "a-_9", number: 7, text: "text" },
  { kind: "whole", by: "a", number: 1, text: "" },
  { kind: "first", by: "a", number: 2 ** 40, steps: 12, text: "two\nlines\n" },
  { kind: "step", by: "a", number: 3, step: 11 },
  { kind: "wake", text: "tiercache-cluster:1 whole a 1\n" },
  { kind: "told", by: "a", ranges: [] },
  {
    kind: "told",
    by: "a",
    ranges: [
      [1, 1],
      [3, 900],
    ],
  },
])("%j is read as it was written", (message) => {
  expect(readClusterText(clusterText(message))).toEqual(message);
});

test.each(["", "\n", "text", '["tiercache:1","a","gone","user","7"]', "tiercache-clusters 1\n", " \n"])(
  "%j is nobody's",
  (text) => {
    expect(readClusterText(text)).toBe("foreign");
  },
);

test.each([
  "tiercache-cluster:2 whole a 1\ntext",
  "tiercache-cluster:1 later a 1\n",
  "tiercache-cluster:1\n",
  "tiercache-cluster:1 whole\n",
  "tiercache-cluster:1 whole a\n",
  "tiercache-cluster:1 whole a one\n",
  "tiercache-cluster:1 step a 1e99 1\n",
])("%j may be of importance, and is taken for that", (text) => {
  expect(readClusterText(text)).toBe("unknown");
});
