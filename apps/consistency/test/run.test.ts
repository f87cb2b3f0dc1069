import { expect, test } from "vitest";
import { holds, reportOf } from "../src/report/report.ts";
import { DEFAULT_SETTINGS } from "../src/settings.ts";
import { verdictOn } from "../src/verdict.ts";

const SECONDS = 20;

test(
  "four processes keep what is promised while the server, its connections and they themselves fail for 20 seconds",
  async () => {
    const verdict = await verdictOn({ ...DEFAULT_SETTINGS, seconds: SECONDS });
    expect(holds(verdict), reportOf(verdict)).toBe(true);
  },
  // Coming to rest and judging take their time too, and a busy machine more.
  10 * SECONDS * 1_000,
);
