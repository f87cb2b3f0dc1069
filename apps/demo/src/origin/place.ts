/** A city where jobs are and users live. */
export interface Place {
  readonly city: string;
  readonly country: string;
}

/** Every city of the generated data, the one with the most jobs first. */
export const places: readonly Place[] = [
  { city: "Berlin", country: "Germany" },
  { city: "Amsterdam", country: "Netherlands" },
  { city: "Paris", country: "France" },
  { city: "Madrid", country: "Spain" },
  { city: "Munich", country: "Germany" },
  { city: "Warsaw", country: "Poland" },
  { city: "Lisbon", country: "Portugal" },
  { city: "Vienna", country: "Austria" },
  { city: "Stockholm", country: "Sweden" },
  { city: "Dublin", country: "Ireland" },
  { city: "Copenhagen", country: "Denmark" },
  { city: "Prague", country: "Czechia" },
];

const countryByCity: ReadonlyMap<string, string> = new Map(
  places.map((place) => [place.city.toLowerCase(), place.country]),
);

/** The country a city lies in, whatever the letters' case, or `undefined` for a city the data does not know. */
export function countryOf(city: string): string | undefined {
  return countryByCity.get(city.toLowerCase());
}
