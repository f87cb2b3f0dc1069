import type { BusinessCategory } from "./business-vocabulary.ts";
import { businessVocabulary } from "./business-vocabulary.ts";
import type { EngineeringCategory, Vocabulary } from "./engineering-vocabulary.ts";
import { engineeringVocabulary } from "./engineering-vocabulary.ts";
import type { SeededRandom } from "./random.ts";

/** A field of work: what jobs are filed under and what users look for. */
export type Category = EngineeringCategory | BusinessCategory;

const vocabularies: Readonly<Record<Category, Vocabulary>> = { ...engineeringVocabulary, ...businessVocabulary };

/** Every category, in an order that never changes. */
export const categories: readonly Category[] = Object.keys(vocabularies) as Category[];

/** The words jobs and resumes of a category are written with. */
export function vocabularyOf(category: Category): Vocabulary {
  return vocabularies[category];
}

/** `count` different duties of the category in random order, each with one of the given skills filled in. */
export function describeDuties(random: SeededRandom, category: Category, options: DutyOptions): string[] {
  return random
    .sample(vocabularyOf(category).duties, options.count)
    .map((duty) => duty.replace("{skill}", random.pick(options.skills)));
}

/** What {@link describeDuties} fills in, and how many duties it returns. */
export interface DutyOptions {
  /** Skills to choose from; at least one. */
  readonly skills: readonly string[];
  /** How many duties; capped by what the category has. */
  readonly count: number;
}
