import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ensureFaketime } from "./faketime.ts";

test("where there is no apt-get, the error says why and how to get libfaketime, and nothing is left behind", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tiercache-faketime-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const places = { into: join(folder, "libfaketime"), path: folder, installed: folder };
  const failure = await ensureFaketime(places).catch((error: Error) => error);
  expect(failure).toMatchObject({ message: expect.stringMatching(/not a Debian.*apt-get install libfaketime/) });
  expect(await readdir(folder)).toEqual([]);
});
