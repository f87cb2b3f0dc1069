import type { Profile } from "./profile.ts";

/** Places that take less than this part of the work are told of together. */
const SMALL = 0.02;

/**
 * Profiles of the same thing beside each other, as a table in Markdown.
 *
 * @param functions - How many functions are told of besides, of the last one.
 */
export function profileText(title: string, profiles: readonly Profile[], functions: number): string {
  const last = profiles.at(-1);
  const names = new Set(
    profiles.flatMap(({ places, workNs }) => [...places].filter(([, ns]) => ns > workNs * SMALL)).map(([name]) => name),
  );
  const sorted = [...names].sort((one, other) => (last?.places.get(other) ?? 0) - (last?.places.get(one) ?? 0));
  const row = (name: string, cellOf: (profile: Profile) => string): string =>
    `| ${[name, ...profiles.map(cellOf)].join(" | ")} |`;
  const rest = ({ places }: Profile): number =>
    [...places].reduce((sum, [name, ns]) => (names.has(name) ? sum : sum + ns), 0);
  return [
    `| ${title}: µs of work | ${profiles.map(({ name }) => name).join(" | ")} |`,
    `|---|${profiles.map(() => "---").join("|")}|`,
    ...sorted.map((name) => row(name, ({ places }) => micros(places.get(name)))),
    row("what is less than a fiftieth", (profile) => micros(rest(profile))),
    row("**all**", ({ workNs }) => `**${micros(workNs)}**`),
    row("promises", ({ promises }) => promises.toFixed(1)),
    row("bytes allocated", ({ bytes }) => bytes.toFixed(0)),
    ...[...(last?.functions ?? [])].slice(0, functions).map(([name, ns]) => `${micros(ns).padStart(8)} ${name}`),
    "",
  ].join("\n");
}

function micros(ns: number | undefined): string {
  return ns === undefined ? "" : (ns / 1_000).toPrecision(3);
}
