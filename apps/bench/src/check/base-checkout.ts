import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** The packages of a commit in a folder of their own, until disposed of. */
export class BaseCheckout implements Disposable {
  readonly folder: string;
  /** The commit, in full. */
  readonly commit: string;

  /** @throws an `Error` where there is no such commit here: a clone may be too shallow */
  constructor(commit: string) {
    this.commit = git("rev-parse", "--verify", `${commit}^{commit}`);
    this.folder = mkdtempSync(join(tmpdir(), "tiercache-bench-base-"));
    const archive = execFileSync("git", ["archive", this.commit, "packages"], { cwd: root, maxBuffer: 1 << 30 });
    execFileSync("tar", ["-x", "-C", this.folder], { input: archive });
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What a change is compared with where nothing is said: where it left the main branch, or the commit before on that. */
export function usualBase(): string {
  const head = git("rev-parse", "HEAD");
  const main = ["origin/main", "main"].find((name) => isKnown(name));
  const left = main === undefined ? head : git("merge-base", "HEAD", main);
  return left === head ? "HEAD~1" : left;
}

function isKnown(name: string): boolean {
  try {
    return git("rev-parse", "--verify", "--quiet", name) !== "";
  } catch {
    return false;
  }
}

function git(...args: readonly string[]): string {
  return execFileSync("git", [...args], { cwd: root, encoding: "utf8" }).trim();
}
