import { readFile } from "node:fs/promises";

/**
 * The source of newer packages for a Debian release, as a line of `sources.list`. `undefined` for anything else: Ubuntu
 * and other systems made of Debian have backports of their own, or none.
 *
 * @param osRelease - What stands in `/etc/os-release`.
 */
export function backportsFor(osRelease: string): string | undefined {
  if (!/^ID="?debian"?$/m.test(osRelease)) return undefined;
  const codename = /^VERSION_CODENAME="?([a-z]+)"?$/m.exec(osRelease)?.[1];
  return codename === undefined ? undefined : `deb http://deb.debian.org/debian ${codename}-backports main`;
}

/** {@link backportsFor} this machine. */
export async function backportsSource(): Promise<string | undefined> {
  return backportsFor(await readFile("/etc/os-release", "utf8").catch(() => ""));
}
