import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Everything that is fetched for this clone alone, git-ignored: deleting it undoes all set-up but `node_modules`. */
export const toolchainFolder = join(root, ".toolchain");
