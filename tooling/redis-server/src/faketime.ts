import { access, constants, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DebianPackages, reasonOf } from "../../debian/src/index.ts";

/** Where libfaketime is looked for, and what it is unpacked into. */
export interface FaketimeOptions {
  /** The folder its package is unpacked into; `@defaultValue` `.toolchain/libfaketime` */
  readonly into?: string;
  /** Where `apt-get` and `dpkg-deb` are, written as in `PATH`; `@defaultValue` the environment's `PATH` */
  readonly path?: string;
  /** Where the system keeps what is installed; `@defaultValue` `/` */
  readonly installed?: string;
}

/** The one for programs with threads. */
const LIBRARY = "faketime/libfaketimeMT.so.1";

/**
 * The path of libfaketime, by which a program is told another date than the machine's: one that is installed, or unpacked from the package
 * of Debian or Ubuntu, which is fetched where it is not there yet. Needs no root and installs nothing.
 *
 * @throws an `Error` of one line that says why there is none
 */
export async function faketimeLibrary({
  into = join(import.meta.dirname, "../../../.toolchain/libfaketime"),
  path,
  installed = "/",
}: FaketimeOptions = {}): Promise<string> {
  const known = (await libraryIn(installed)) ?? (await libraryIn(into));
  if (known !== undefined) return known;
  try {
    await mkdir(dirname(into), { recursive: true });
    const folder = await mkdtemp(join(dirname(into), "incoming-libfaketime-"));
    try {
      return await unpacked(into, join(folder, "root"), new DebianPackages({ folder, path }));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  } catch (error) {
    const message = `There is no libfaketime, and it could not be fetched: ${reasonOf(error)}. Debian, Ubuntu: apt-get install libfaketime.`;
    throw new Error(message, { cause: error });
  }
}

async function unpacked(into: string, root: string, debian: DebianPackages): Promise<string> {
  // One broken source among others is the reason to name, but only if it keeps us from the package.
  const failure: unknown = await debian.update().catch((error: unknown) => error);
  await debian.unpack(["libfaketime"], root).catch((error: unknown) => Promise.reject(failure ?? error));
  // A folder in the way is the result of another run, or broken and to be replaced.
  if ((await libraryIn(into)) === undefined) {
    await rm(into, { recursive: true, force: true });
    await rename(root, into);
  }
  const library = await libraryIn(into);
  if (library === undefined) throw new Error("its package has another content than expected");
  return library;
}

/** Debian keeps libraries in a folder per platform, such as usr/lib/x86_64-linux-gnu. */
async function libraryIn(root: string): Promise<string | undefined> {
  const folder = join(root, "usr/lib");
  const platforms = await readdir(folder).catch(() => []);
  for (const platform of platforms.filter((name) => name.includes("-linux-"))) {
    const library = join(folder, platform, LIBRARY);
    const isThere = await access(library, constants.R_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return library;
  }
  return undefined;
}
