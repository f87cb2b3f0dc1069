import { expect, test } from "vitest";
import { type VisitLaw, type VisitPlan, VisitPlanner } from "./visit-plan.ts";

const law: VisitLaw = { seed: 3, exponent: 1, userCount: 500, jobCount: 800 };

function plansOf(own: VisitLaw, count: number): VisitPlan[] {
  const planner = new VisitPlanner(own);
  return Array.from({ length: count }, () => planner.next());
}

const usersIn = (plans: readonly VisitPlan[]): number => new Set(plans.map(({ userId }) => userId)).size;

test("equal laws plan equal visits, other seeds others", () => {
  expect(plansOf(law, 50)).toEqual(plansOf(law, 50));
  expect(plansOf({ ...law, seed: 4 }, 50)).not.toEqual(plansOf(law, 50));
});

test("only what there is is visited", () => {
  for (const { userId, steps } of plansOf(law, 500)) {
    expect(userId).toBeGreaterThanOrEqual(1);
    expect(userId).toBeLessThanOrEqual(500);
    expect(steps.length).toBeGreaterThanOrEqual(3);
    expect(steps.length).toBeLessThanOrEqual(9);
    for (const step of steps) {
      if (step.open === "job") expect(step.jobId).toBeLessThanOrEqual(800);
      if (step.open === "matches") expect(step.scoreRanks.every((rank) => rank >= 1 && rank <= 20)).toBe(true);
    }
  }
});

test("the steeper the law, the fewer users make the visits", () => {
  const [flat = 0, usual = 0, steep = 0] = [0.7, 1, 1.2].map((exponent) =>
    usersIn(plansOf({ ...law, exponent }, 1_000)),
  );
  expect(flat).toBeGreaterThan(usual);
  expect(usual).toBeGreaterThan(steep);
});

test("every kind of page is opened, the feed most", () => {
  const opened = plansOf(law, 1_000).flatMap(({ steps }) => steps.map(({ open }) => open));
  const share = (kind: string): number => opened.filter((open) => open === kind).length / opened.length;
  expect(share("feed")).toBeGreaterThan(share("job"));
  expect(share("job")).toBeGreaterThan(share("matches"));
  expect(share("matches")).toBeGreaterThan(0);
});
