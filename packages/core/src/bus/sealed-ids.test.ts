import { createSecretKey } from "node:crypto";
import { expect, test } from "vitest";
import { openedIds, sealedIds } from "./sealed-ids.ts";

const secret = createSecretKey("a secret of 24 characters", "utf8");
const other = createSecretKey("another one of 24 letters", "utf8");

test.each([[[]], [["7"]], [["größe:日本", "", '"] %']]])(
  "%j are opened as they were sealed, and cannot be read",
  (ids) => {
    const sealed = sealedIds(ids, "a:0", secret);
    expect(openedIds(sealed, "a:0", secret)).toEqual(ids);
    for (const id of ids.filter((each) => each.length > 3)) expect(sealed.join()).not.toContain(id);
  },
);

test("the same ids look different in every message", () => {
  expect(sealedIds(["7"], "a:0", secret)).not.toEqual(sealedIds(["7"], "a:1", secret));
});

test("nothing is opened by another secret, in another message, or that was changed, is cut or is plain", () => {
  const [sealed = ""] = sealedIds(["7"], "a:0", secret);
  expect(openedIds([sealed], "a:0", other)).toBeUndefined();
  expect(openedIds([sealed], "a:1", secret)).toBeUndefined();
  expect(openedIds([`B${sealed.slice(1)}`, ""], "a:0", secret)).toBeUndefined();
  for (let length = 0; length < sealed.length - 1; length++) {
    expect(openedIds([sealed.slice(0, length)], "a:0", secret)).toBeUndefined();
  }
  for (const said of [["7"], [], ["7", "8"], [""]]) expect(openedIds(said, "a:0", secret)).toBeUndefined();
});
