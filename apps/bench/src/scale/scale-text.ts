import { rounded } from "../report/figure-text.ts";
import type { ServerCosts } from "./server-costs.ts";
import { type ScaleStep, surroundings } from "./step.ts";

const MIB = 1_048_576;

/** A column of the table. */
type Column = readonly [head: string, cell: (step: ScaleStep, costs: ServerCosts) => string];

const columns: readonly Column[] = [
  ["processes", ({ processes }) => rounded(processes)],
  ["reads/s", ({ readsPerSecond }) => rounded(readsPerSecond)],
  ["invalidations/s", ({ invalidationsPerSecond }) => rounded(invalidationsPerSecond)],
  ["answered locally", ({ localHits, readsPerSecond }) => `${rounded((localHits / readsPerSecond) * 100)} %`],
  ["loads/s", ({ loads }) => rounded(loads)],
  ["commands/s, echoes among them", ({ commands, echoes }) => `${rounded(commands)}, ${rounded(echoes)}`],
  ["scripts/s", ({ scripts }) => rounded(scripts)],
  ["messages handed on/s: changes · wake-ups · echoes", handedOn],
  ["MiB/s in · out", ({ bytesIn, bytesOut }) => `${rounded(bytesIn / MIB)} · ${rounded(bytesOut / MIB)}`],
  ["of one core of the server", (step, costs) => `${rounded(coreShare(step, costs) * 100)} %`],
  ["of that, messages", (step, costs) => `${rounded((messageShare(step, costs) / coreShare(step, costs)) * 100)} %`],
  ["connections", ({ connections }) => rounded(connections)],
  [
    "entries a process · keys in Redis",
    ({ localEntries, remoteKeys }) => `${rounded(localEntries)} · ${rounded(remoteKeys)}`,
  ],
];

/** Fleets beside each other, in Markdown. */
export function scaleText(steps: readonly ScaleStep[], costs: ServerCosts): string {
  const { commandMicros, scriptMicros, deliveryMicros } = costs;
  return [
    `Processor time of a server here: ${rounded(commandMicros)} µs for a command that comes alone, ${rounded(scriptMicros)} µs for a script,`,
    `${rounded(deliveryMicros)} µs for handing one message to one process.`,
    "",
    `| ${columns.map(([head]) => head).join(" | ")} |`,
    `|${columns.map(() => "---").join("|")}|`,
    ...steps.map((step) => `| ${columns.map(([, cell]) => cell(step, costs)).join(" | ")} |`),
    "",
    `Simulated: ${surroundings.readsPerSecondAndProcess} reads/s a process over ${rounded(surroundings.keys)} keys (Zipf, exponent ${surroundings.skew}), one invalidation in`,
    `${rounded(1 / surroundings.invalidationsPerRead)} reads, \`ttlMs\` ${rounded(surroundings.ttlMs)}, \`horizonMs\` ${rounded(surroundings.horizonMs)}, values of ${surroundings.lengths.value} B, a loader of ${surroundings.loaderMs} ms.`,
  ].join("\n");
}

/** Everybody hears of every change, and of every value that somebody waits for. */
function handedOn({ deliveries, echoes, invalidationsPerSecond, processes }: ScaleStep): string {
  const changes = invalidationsPerSecond * processes;
  return [changes, Math.max(0, deliveries - changes - echoes), echoes].map(rounded).join(" · ");
}

/** Seconds of one core in a second. */
function coreShare(step: ScaleStep, costs: ServerCosts): number {
  const { commandMicros, scriptMicros } = costs;
  return (step.commands * commandMicros + step.scripts * scriptMicros) / 1_000_000 + messageShare(step, costs);
}

function messageShare({ deliveries }: ScaleStep, { deliveryMicros }: ServerCosts): number {
  return (deliveries * deliveryMicros) / 1_000_000;
}
