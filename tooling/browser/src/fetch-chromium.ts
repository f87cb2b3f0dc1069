import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DebianPackages, reasonOf } from "@tooling/debian";
import { type Chromium, defaultUnpacked, howToGetChromium, unpackedChromium } from "./chromium.ts";

/** How to fetch. */
export interface FetchChromiumOptions {
  /** The folder the packages are unpacked into; `@defaultValue` `.toolchain/chromium` */
  readonly into?: string;
  /** Where `apt-get` and `dpkg-deb` are, written as in `PATH`; `@defaultValue` the environment's `PATH` */
  readonly path?: string;
}

/** The one without a window is the smaller, and has what pages need. */
const browsers = ["chromium-headless-shell", "chromium"];
/** Of one call of apt: where it takes longer, tests go on without a browser. */
const deadlineMs = 90_000;

/**
 * Unpacks a Chromium of Debian, with the libraries and a font that this machine lacks. Needs no root, installs nothing, and writes
 * nowhere but beside `into`.
 *
 * @throws (rejects) an `Error` of one line that says why it could not, and how to get a browser otherwise
 */
export async function fetchChromium({ into = defaultUnpacked, path }: FetchChromiumOptions = {}): Promise<Chromium> {
  try {
    await mkdir(dirname(into), { recursive: true });
    const folder = await mkdtemp(join(dirname(into), "incoming-chromium-"));
    try {
      return await unpackInto(into, folder, new DebianPackages({ folder, path, deadlineMs }));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  } catch (error) {
    throw new Error(`No browser was found, and none could be fetched: ${reasonOf(error)}. ${howToGetChromium}`, {
      cause: error,
    });
  }
}

async function unpackInto(into: string, folder: string, debian: DebianPackages): Promise<Chromium> {
  const root = join(folder, "root");
  let failure: unknown = await debian.update().catch((error: unknown) => error);
  for (const name of browsers) {
    try {
      await debian.unpack([name, "fonts-dejavu-core"], root);
      if ((await unpackedChromium(root)) === undefined) throw new Error(`the package ${name} does not run here`);
      return await moved(root, into);
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

/** A folder in the way is the result of another run, or broken and to be replaced. */
async function moved(root: string, into: string): Promise<Chromium> {
  const theirs = await unpackedChromium(into);
  if (theirs !== undefined) return theirs;
  await rm(into, { recursive: true, force: true });
  await rename(root, into);
  const chromium = await unpackedChromium(into);
  if (chromium === undefined) throw new Error(`the browser unpacked into ${into} does not run`);
  return chromium;
}
