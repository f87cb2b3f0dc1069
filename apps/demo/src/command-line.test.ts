import { expect, test } from "vitest";
import { commandLine } from "./command-line.ts";

test("without arguments the demo reports and serves on port 3000", () => {
  expect(commandLine([], {})).toEqual({
    once: false,
    serve: false,
    json: false,
    html: undefined,
    instances: 1,
    help: false,
    host: "127.0.0.1",
    port: 3_000,
    seed: 1,
  });
});

test("arguments come before the environment", () => {
  const environment = { PORT: "8080" };
  expect(commandLine(["--once", "--json", "--seed", "7"], environment)).toMatchObject({
    once: true,
    json: true,
    seed: 7,
    port: 8_080,
  });
  expect(commandLine(["--port", "0"], environment)).toMatchObject({ port: 0 });
});

test.each([
  [["--port", "65536"], '--port (or PORT) is "65536"; allowed is a whole number from 0 to 65535.'],
  [["--port", "http"], '--port (or PORT) is "http"'],
  [["--port="], '--port (or PORT) is ""'],
  [["--seed", "1.5"], '--seed is "1.5"'],
  [["--seed=-1"], '--seed is "-1"'],
  [["--instances", "0"], '--instances is "0"; allowed is a whole number from 1 to 8.'],
  [["--instances", "9"], '--instances is "9"'],
  [["--html="], '--html is ""; allowed is the path of a file.'],
  [["--host="], '--host (or HOST) is ""'],
  [["--once", "--serve"], "--once and --serve exclude each other"],
])("%j is refused by name, with what is allowed", (args, message) => {
  expect(() => commandLine(args, {})).toThrow(message);
});

test("an unknown argument is refused", () => {
  expect(() => commandLine(["--onse"], {})).toThrow(/--onse/);
});
