import { faultsNamed } from "./faults/all-faults.ts";
import { judged } from "./judge/judge.ts";
import { activityOf, vacuityOf } from "./judge/vacuity.ts";
import type { Verdict } from "./report/report.ts";
import { historyOf } from "./run.ts";
import type { Settings } from "./settings.ts";

/** Does one run and judges it. */
export async function verdictOn(settings: Settings): Promise<Verdict> {
  const history = await historyOf(settings);
  const faults = faultsNamed(settings.faults).map(({ name }) => name);
  return {
    history,
    findings: judged(history),
    activity: activityOf(history),
    vacuous: vacuityOf(history, settings.seconds, faults),
  };
}
