import { expect, test, vi } from "vitest";
import { countsOf } from "./test-run.mjs";

vi.spyOn(process.stderr, "write").mockReturnValue(true);

const green = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };

test("a green run counts what passed", () => {
  expect(countsOf(green, 0)).toEqual({ passed: 5, failed: 0, skipped: 0 });
});

test("tests that are left to do count as skipped", () => {
  expect(countsOf({ ...green, numPendingTests: 2, numTodoTests: 1 }, 0)).toMatchObject({ skipped: 3 });
});

test("a runner that reported nothing is one failure", () => {
  expect(countsOf(undefined, 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(countsOf(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test("a file that failed outside of its tests is a failure, also beside green tests", () => {
  const testResults = [{ name: "broken.test.ts", status: "failed", assertionResults: [] }];
  expect(countsOf({ ...green, testResults }, 1)).toMatchObject({ failed: 1 });
});

test("a file whose test failed is not counted twice", () => {
  const testResults = [{ name: "red.test.ts", status: "failed", assertionResults: [{ status: "failed" }] }];
  expect(countsOf({ ...green, numFailedTests: 1, testResults }, 1)).toMatchObject({ failed: 1 });
});

test("a run that ended badly though no test failed is a failure", () => {
  expect(countsOf(green, 1)).toMatchObject({ passed: 5, failed: 1 });
});
