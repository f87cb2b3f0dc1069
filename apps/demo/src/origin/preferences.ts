import type { Category } from "./category.ts";
import { categories, vocabularyOf } from "./category.ts";
import { places } from "./place.ts";
import { SeededRandom } from "./random.ts";
import { fieldOfUser } from "./user.ts";

/** Whether a user wants remote jobs only, along with others, or not at all. */
export const remoteWishes = ["only", "welcome", "never"] as const;

/** One of {@link remoteWishes}. */
export type RemoteWish = (typeof remoteWishes)[number];

/** What a user looks for: the "ideal job profile" (IJP) of the users' documents. */
export interface Preferences {
  readonly userId: number;
  /** Wanted categories, the most wanted first; empty for any. */
  readonly categories: readonly Category[];
  /** Wanted cities; empty for any. */
  readonly cities: readonly string[];
  readonly remote: RemoteWish;
  /** Gross euros a year, 0 for any. */
  readonly minimumSalaryEurPerYear: number;
}

/** What a user may change in the preferences. */
export type PreferencesUpdate = Omit<Preferences, "userId">;

/** Makes the preferences of a generated user. Equal seed and id give equal preferences. */
export function generatePreferences(seed: number, userId: number): Preferences {
  const random = new SeededRandom(seed, `preferences/${userId}`);
  const field = fieldOfUser(seed, userId);
  const others = categories.filter((category) => category !== field);
  const minimum = vocabularyOf(field).typicalSalaryEurPerYear * (0.6 + random.next() * 0.6);
  return {
    userId,
    categories: [field, ...random.sample(others, random.integer(0, 1))],
    cities: random.sample(places, random.integer(1, 3)).map((place) => place.city),
    remote: random.pick(remoteWishes),
    minimumSalaryEurPerYear: Math.round(minimum / 1_000) * 1_000,
  };
}
