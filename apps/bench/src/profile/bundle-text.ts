import { bundledFiles, programOf } from "../bundle.ts";

const KIB = 1_024;

/** What the bundle of a package is made of, by folder, as a table in Markdown. */
export async function bundleText(name: string): Promise<string> {
  const folders = new Map<string, number>();
  let all = 0;
  for (const [file, bytes] of await bundledFiles(programOf([name]))) {
    const folder = folderOf(file);
    folders.set(folder, (folders.get(folder) ?? 0) + bytes);
    all += bytes;
  }
  const sorted = [...folders].filter(([, bytes]) => bytes > 0).sort(([, one], [, other]) => other - one);
  return [
    `| ${name}, minified: KiB | |`,
    "|---|---|",
    ...sorted.map(([folder, bytes]) => `| ${folder} | ${(bytes / KIB).toFixed(1)} |`),
    `| **all** | **${(all / KIB).toFixed(1)}** |`,
    "",
  ].join("\n");
}

/** The folder of a source file below `src`; what lies in none is the package itself. */
function folderOf(file: string): string {
  const [, path = file] = file.split("/src/");
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : "the package itself";
}
