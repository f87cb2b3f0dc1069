import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { IngestionLog, OvertakenRunError } from "./ingestion-log.ts";

let folder: string;
let log: IngestionLog;
let published: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ingestion-log-test-"));
  log = new IngestionLog(join(folder, "log.sqlite"));
  published = [];
});

afterEach(async () => {
  log.close();
  await rm(folder, { recursive: true, force: true });
});

function runOf(run: number) {
  return { run, added: 1, changed: 2, removed: 3 };
}

describe("IngestionLog", () => {
  it("knows the run that was published last, also when it is opened again", () => {
    expect(log.last()).toBeUndefined();
    log.commit(runOf(1), 10, () => published.push("first"));
    log.commit(runOf(2), 11, () => published.push("second"));
    using again = { log: new IngestionLog(join(folder, "log.sqlite")), [Symbol.dispose]: () => again.log.close() };
    expect([log.last(), again.log.last()]).toEqual([runOf(2), runOf(2)]);
    expect(published).toEqual(["first", "second"]);
  });

  it("refuses a run whose lock a later one has taken meanwhile, and publishes nothing of it", () => {
    log.commit(runOf(1), 10, () => published.push("later"));
    expect(() => log.commit(runOf(2), 9, () => published.push("earlier"))).toThrow(OvertakenRunError);
    expect(() => log.commit(runOf(2), 10, () => published.push("same token"))).toThrow(OvertakenRunError);
    expect(published).toEqual(["later"]);
    expect(log.last()).toEqual(runOf(1));
  });

  it("refuses a run that was made from a table of before", () => {
    log.commit(runOf(1), 10, () => published.push("first"));
    expect(() => log.commit(runOf(1), 11, () => published.push("again"))).toThrow(OvertakenRunError);
    expect(published).toEqual(["first"]);
  });

  it("notes nothing where publishing fails", () => {
    const fail = (): never => {
      throw new Error("disk full");
    };
    expect(() => log.commit(runOf(1), 10, fail)).toThrow("disk full");
    expect(log.last()).toBeUndefined();
    log.commit(runOf(1), 10, () => published.push("now"));
    expect(log.last()).toEqual(runOf(1));
  });
});
