import { expect, test } from "vitest";
import { incompleteFamilies } from "./lockfile-platforms.mjs";

function lockfileWith(...names) {
  return ["packages:", "", ...names.map((name) => `  '${name}@1.2.3':\n    cpu: [x64]\n`)].join("\n");
}

test("a family with a binary for each platform is complete", () => {
  expect(incompleteFamilies(lockfileWith("@esbuild/linux-x64", "@esbuild/darwin-arm64", "@esbuild/win32-x64"))).toEqual(
    [],
  );
});

test("a family that lacks a platform is named with what it lacks", () => {
  expect(incompleteFamilies(lockfileWith("lightningcss-linux-x64-gnu", "lightningcss-win32-x64-msvc"))).toEqual([
    "lightningcss-: no binary for macOS",
  ]);
});
