/** The slots of a cluster. */
export const SLOTS = 16_384;

/** What a node says of the slots that it owns. */
export interface OwnedSlots {
  readonly count: number;
  /** Changes whenever they do: the node's id, its epoch and its slots. */
  readonly text: string;
}

/**
 * What the answer of a node to `CLUSTER NODES` says of itself: `undefined` where it is no master, or a slot is on its way to or from
 * it. Never throws.
 */
export function ownedSlots(answer: unknown): OwnedSlots | undefined {
  const lines = typeof answer === "string" ? answer.split("\n") : [];
  const self = lines.map((line) => line.trim().split(" ")).find(([, , flags]) => flags?.split(",").includes("myself"));
  if (self === undefined) return undefined;
  const [id, , flags = "", , , , epoch, , ...slots] = self;
  if (!flags.split(",").includes("master") || slots.some((slot) => slot.startsWith("["))) return undefined;
  let count = 0;
  for (const slot of slots) {
    const [from, to = from] = slot.split("-").map(Number);
    count += Number(to) - Number(from) + 1;
  }
  return { count, text: [id, epoch, ...slots].join(" ") };
}
