import { SeededRandom } from "./random.ts";

/** An employer. */
export interface Company {
  readonly id: number;
  readonly name: string;
}

const firstParts = ["Alder", "Bright", "Cobalt", "Delta", "Ember", "Fjord", "Granite", "Harbour", "Iris", "Juniper"];
const middleParts = ["Loop", "Field", "Line", "Works", "Port", "Grid", "Leaf", "Stack", "Path", "Beam"];
const lastParts = ["Labs", "Systems", "Health", "Finance", "Mobility", "Energy", "Media", "Retail"];

/** The first `count` companies of a seed, numbered from 1. Up to 800 have different names. */
export function generateCompanies(seed: number, count: number): Company[] {
  const names = firstParts.flatMap((first) =>
    middleParts.flatMap((middle) => lastParts.map((last) => `${first}${middle.toLowerCase()} ${last}`)),
  );
  const shuffled = new SeededRandom(seed, "companies").sample(names, names.length);
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    name: shuffled[index % shuffled.length] as string,
  }));
}
