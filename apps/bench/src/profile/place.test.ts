import { expect, test } from "vitest";
import { placeOf } from "./place.ts";

function at(url: string): string | undefined {
  return placeOf({ functionName: "f", url });
}

test("a function of ours belongs to its package and folder, from sources as from a build", () => {
  expect(at("file:///somewhere/packages/core/src/read/course.ts")).toBe("core/read");
  expect(at("file:///somewhere/packages/core/src/front-door.ts")).toBe("core");
  expect(at("file:///somewhere/packages/redis/dist/index.js")).toBe("redis");
});

test("one that was installed belongs to the package that has it", () => {
  const store = "file:///somewhere/node_modules/.pnpm/ioredis@6.0.0/node_modules";
  expect(at(`${store}/ioredis/built/Command.js`)).toBe("ioredis");
  expect(at(`${store}/@ioredis/commands/built/index.js`)).toBe("@ioredis/commands");
});

test("what no function did is told apart, and what is built in is its caller's", () => {
  expect(at("node:net")).toBe("Node");
  expect(at("file:///somewhere/apps/bench/src/in-flight.ts")).toBe("the benchmark");
  expect(placeOf({ functionName: "(garbage collector)", url: "" })).toBe("garbage collection");
  expect(placeOf({ functionName: "set", url: "" })).toBeUndefined();
});
