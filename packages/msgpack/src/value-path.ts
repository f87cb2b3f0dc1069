/** A step into a value: a key of an object or a place in a list. */
export type Step = string | number;

const MOST_STEPS = 12;
const LONGEST_KEY = 40;

/** Says where in a value something stands: `$.user.tags[3]`. */
export function pathOf(steps: readonly Step[]): string {
  const shown = steps.slice(0, MOST_STEPS).map(textOf).join("");
  return `$${shown}${steps.length > MOST_STEPS ? "…" : ""}`;
}

function textOf(step: Step): string {
  if (typeof step === "number") return `[${step}]`;
  if (step.length > LONGEST_KEY) return `[${JSON.stringify(`${step.slice(0, LONGEST_KEY)}…`)}]`;
  return /^[A-Za-z_$][\w$]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
}
