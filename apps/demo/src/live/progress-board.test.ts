import { expect, test } from "vitest";
import { ProgressBoard } from "./progress-board.ts";

function board(isTerminal: boolean) {
  const written: string[] = [];
  return { written, board: new ProgressBoard((text) => written.push(text), isTerminal) };
}

test("where a line cannot be written over, only what is complete is said, once", () => {
  const { written, board: own } = board(false);
  own.report("Generated jobs", 500, 1_000);
  own.report("Generated jobs", 1_000, 1_000);
  own.report("Generated jobs", 1_000, 1_000);
  own.report("Started instance 2", 1, 1);
  expect(written).toEqual(["Generated jobs: 1,000\n", "Started instance 2\n"]);
});

test("in a terminal one line shows how far it is, and makes room for what is said", () => {
  const { written, board: own } = board(true);
  own.report("Generated jobs", 500, 1_000);
  own.report("Scenario match", 0, 0);
  own.say("news");
  own.say("more");
  expect(written).toEqual([
    "\r\u001b[KGenerated jobs: 500 of 1,000",
    "\r\u001b[KScenario match",
    "\r\u001b[Knews\n",
    "more\n",
  ]);
});

test("work that begins again is not done any longer", () => {
  const { board: own } = board(false);
  own.report("Warming", 5, 5);
  own.report("Warming", 1, 5);
  expect(own.works).toEqual([{ what: "Warming", done: 1, total: 5, isDone: false }]);
});
