import { expect, test } from "vitest";
import { profilesOf } from "./profile.ts";
import { profileText } from "./profile-text.ts";

/** Does something that takes time and makes so many promises each time. */
function contender(name: string, promises: number): { readonly name: string; run(times: number): Promise<void> } {
  return {
    name,
    async run(times) {
      for (let time = 0; time < times; time++) {
        for (let made = 0; made < promises; made++) await Promise.resolve(made);
        JSON.parse(JSON.stringify(Array.from({ length: 200 }, String)));
      }
    },
  };
}

test("contenders are profiled beside each other: work by its place, and promises by their number", async () => {
  const profiles = await profilesOf([contender("one", 1), contender("ten", 10)], { times: 200, rounds: 5 });
  const [one, ten] = profiles;
  expect(one?.workNs).toBeGreaterThan(0);
  expect(one?.places.has("the benchmark")).toBe(true);
  expect(ten?.promises).toBeGreaterThan((one?.promises ?? 0) + 8);
  const text = profileText("a thing", profiles, 1);
  expect(text).toContain("| a thing: µs of work | one | ten |");
  expect(text).toContain("| the benchmark |");
});
