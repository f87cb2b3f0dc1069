import { describeDuties, vocabularyOf } from "./category.ts";
import { places } from "./place.ts";
import { SeededRandom } from "./random.ts";
import { fieldOfUser } from "./user.ts";

/** A user's master resume. */
export interface Resume {
  readonly userId: number;
  /** 1 as generated, one more with each update. */
  readonly version: number;
  readonly city: string;
  /** Whole years of practice, 0 or more. */
  readonly yearsOfExperience: number;
  readonly skills: readonly string[];
  /** The resume as prose; what is embedded and compared. */
  readonly text: string;
}

/** What a user may change in a resume. */
export type ResumeUpdate = Omit<Resume, "userId" | "version">;

const educations = [
  "Holds a degree in computer science.",
  "Came to the field from physics.",
  "Learned the trade on the job after an apprenticeship.",
  "Studied information design and never stopped building.",
];

/** Makes the master resume of a generated user. Equal seed and id give an equal resume. */
export function generateResume(seed: number, userId: number): Resume {
  const random = new SeededRandom(seed, `resume/${userId}`);
  const category = fieldOfUser(seed, userId);
  const vocabulary = vocabularyOf(category);
  const skills = random.sample(vocabulary.skills, random.integer(4, 8));
  const yearsOfExperience = random.integer(0, 18);
  const city = random.pick(places).city;
  const duties = describeDuties(random, category, { skills, count: random.integer(3, 5) });
  const text = [
    `${random.pick(vocabulary.roles)} in ${city} with ${yearsOfExperience} years of practice.`,
    `Skills: ${skills.join(", ")}.`,
    `Used to ${duties.join("; to ")}.`,
    random.pick(educations),
  ].join(" ");
  return { userId, version: 1, city, yearsOfExperience, skills, text };
}
