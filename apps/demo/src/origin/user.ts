import type { Category } from "./category.ts";
import { categories } from "./category.ts";
import { SeededRandom } from "./random.ts";

/** A person who looks for a job. */
export interface User {
  /** A whole number from 1. */
  readonly id: number;
  readonly name: string;
  /** An address under a reserved `.example` domain, so that nothing can ever be sent to it. */
  readonly email: string;
}

/** What a user may change about himself. */
export type UserUpdate = Pick<User, "name">;

const firstNames = [
  "Ada",
  "Bruno",
  "Clara",
  "David",
  "Elif",
  "Farid",
  "Greta",
  "Hugo",
  "Ines",
  "Jonas",
  "Katja",
  "Luis",
  "Mira",
  "Noah",
  "Olga",
  "Pavel",
  "Rosa",
  "Samir",
  "Tilda",
  "Viktor",
];
const lastNames = [
  "Albers",
  "Bianchi",
  "Costa",
  "Dupont",
  "Eriksen",
  "Fischer",
  "Garcia",
  "Horvat",
  "Ivanova",
  "Jansen",
  "Kowalski",
  "Lindqvist",
  "Moreau",
  "Novak",
  "Okafor",
  "Petrov",
  "Quinn",
  "Rossi",
  "Silva",
  "Toth",
];

/** Makes one user. Equal seed and id give an equal user. */
export function generateUser(seed: number, id: number): User {
  const random = new SeededRandom(seed, `user/${id}`);
  const first = random.pick(firstNames);
  const last = random.pick(lastNames);
  return { id, name: `${first} ${last}`, email: `${first}.${last}.${id}@people.example`.toLowerCase() };
}

/** The field a generated user works in; resume and preferences both start from it. */
export function fieldOfUser(seed: number, id: number): Category {
  return new SeededRandom(seed, `field/${id}`).pick(categories);
}
