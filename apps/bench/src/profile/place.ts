/** A function as a CPU profile names it. */
export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
}

/** What a profile calls time in which no function of JavaScript ran. */
const outside: Readonly<Record<string, string>> = {
  "(garbage collector)": "garbage collection",
  "(program)": "the engine and the system",
};

/**
 * Where a function belongs: to a package or a folder of one of ours, to Node, to the benchmark, or to none of them, which is
 * `undefined` for what is built into the engine.
 */
export function placeOf({ functionName, url }: CallFrame): string | undefined {
  if (url === "") return outside[functionName];
  if (url.startsWith("node:")) return "Node";
  const installed = url.lastIndexOf("/node_modules/");
  if (installed !== -1) return /^(?:@[^/]+\/)?[^/]+/.exec(url.slice(installed + "/node_modules/".length))?.[0];
  const own = /\/packages\/([^/]+)\/(?:src|dist)\/(?:([^/]+)\/)?[^/]+$/.exec(url);
  if (own === null) return "the benchmark";
  const [, name = "", folder] = own;
  return folder === undefined ? name : `${name}/${folder}`;
}
