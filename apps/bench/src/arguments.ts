import { parseArgs } from "node:util";
import { type Effort, efforts } from "./effort.ts";

/** What a run was asked for. */
export interface Arguments {
  readonly effort: Effort;
  /** The beginnings of the names of cases. */
  readonly only: readonly string[];
  /** Where the figures are written to; `-`, which is also what no name means, for the terminal in place of the table. */
  readonly json: string | undefined;
  readonly html: string | undefined;
  /** Where Markdown is written to, behind what is there. */
  readonly summary: string | undefined;
  /** Whether docs/benchmarks.md is brought up to date. */
  readonly write: boolean;
}

/** @throws a `TypeError` for what is not known */
export function argumentsIn(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: args.map((arg, at) => (arg === "--json" && /^(--.*)?$/.test(args[at + 1] ?? "") ? "--json=-" : arg)),
    options: {
      only: { type: "string", multiple: true, default: [] },
      quick: { type: "boolean", default: false },
      smoke: { type: "boolean", default: false },
      json: { type: "string" },
      html: { type: "string" },
      summary: { type: "string" },
      write: { type: "boolean", default: false },
    },
  });
  const effort = efforts[values.smoke ? "smoke" : values.quick ? "quick" : "full"];
  const { json, html, summary, write } = values;
  return { effort, only: values.only.flatMap((names) => names.split(",")), json, html, summary, write };
}
