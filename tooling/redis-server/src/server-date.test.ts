import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { faketimeLibrary } from "./faketime.ts";
import { startRedis } from "./redis-server.ts";
import { ServerDate } from "./server-date.ts";
import { asked } from "./wire.ts";

const HOUR = 3_600;

const noFaketime: string | undefined = await faketimeLibrary().then(
  () => undefined,
  (error: Error) => error.message,
);
const why = noFaketime === undefined ? "" : ` (${noFaketime})`;

test.skipIf(noFaketime !== undefined)(
  `the date of a server can be set while it runs, also more than once${why}`,
  async () => {
    await using date = await ServerDate.open();
    await using server = await startRedis({ environment: date.environment });
    const isAheadBy = async (hours: number): Promise<boolean> => {
      const [, seconds] = /\$\d+\r\n(\d+)/.exec(await asked(server.port, "TIME")) ?? [];
      return Math.abs(Number(seconds) - Date.now() / 1_000 - hours * HOUR) < HOUR / 2;
    };
    expect(await isAheadBy(0)).toBe(true);
    for (const hours of [1, -1, 24, 0]) {
      await date.set(hours * HOUR);
      expect(await isAheadBy(hours)).toBe(true);
    }
  },
);

test("where there is no apt-get, the error says why and how to get libfaketime, and nothing is left behind", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tiercache-faketime-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const failure = await faketimeLibrary({ into: join(folder, "libfaketime"), path: folder, installed: folder }).catch(
    (error: Error) => error,
  );
  expect(failure).toMatchObject({ message: expect.stringMatching(/not a Debian.*apt-get install libfaketime/) });
  expect(await readdir(folder)).toEqual([]);
});
