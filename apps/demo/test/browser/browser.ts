import { type Chromium, fetchChromium, findChromium } from "@tooling/browser";
import { type Browser, chromium } from "playwright-core";

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A Chromium of this machine, or one that is fetched now; `undefined`, and a word about it, where none can be had. */
export async function browserToTestIn(): Promise<Chromium | undefined> {
  try {
    return (await findChromium()) ?? (await fetchChromium());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`\n!!! The tests of the page in a browser are SKIPPED. ${why}\n\n`);
    return undefined;
  }
}

/** Starts it, with a profile of its own that is empty. */
export function launch({ path, environment }: Chromium): Promise<Browser> {
  return chromium.launch({ executablePath: path, env: environment, args: flags });
}
