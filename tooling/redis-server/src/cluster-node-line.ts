/** One line of `CLUSTER NODES`. */
export interface ClusterNodeLine {
  readonly id: string;
  readonly port: number;
  /** Whose replica it is; `undefined` for a master. */
  readonly masterId: string | undefined;
  /** First and last slot of each range that it owns. */
  readonly slots: readonly (readonly [from: number, to: number])[];
}

/** What `CLUSTER NODES` says of the nodes that are in touch. */
export function nodeLines(reply: string): readonly ClusterNodeLine[] {
  return reply
    .trim()
    .split("\n")
    .map((line) => line.trim().split(" "))
    .filter(([, , flags = "fail"]) => !flags.split(",").includes("fail"))
    .map(([id = "", address = "", , masterId = "-", , , , , ...ranges]) => ({
      id,
      port: Number(/:(\d+)@/.exec(address)?.[1]),
      masterId: masterId === "-" ? undefined : masterId,
      slots: ranges.filter((range) => !range.startsWith("[")).map(slotsIn),
    }));
}

function slotsIn(range: string): readonly [number, number] {
  const [from = Number.NaN, to = from] = range.split("-").map(Number);
  return [from, to];
}
