import { expect, test } from "vitest";
import { DEFAULT_SETTINGS, settingsOf } from "../src/settings.ts";

test("what is not said is as by default", () => {
  expect(settingsOf(["--seed", "7", "--fault", "none", "--server", "valkey"])).toEqual({
    ...DEFAULT_SETTINGS,
    seed: 7,
    faults: "none",
    server: "valkey",
  });
});

test.each([
  [["--second", "3"], "There is no option --second; one of --seconds"],
  [["--seconds"], "--seconds needs a value"],
  [["--seconds", "0"], "--seconds is 0; allowed is a whole number of at least 1"],
  [["--seed", "a"], "--seed is a"],
  [["--server", "mysql"], "--server is mysql; allowed is redis or valkey"],
])("%j is refused", (args, message) => {
  expect(() => settingsOf(args)).toThrow(message);
});
