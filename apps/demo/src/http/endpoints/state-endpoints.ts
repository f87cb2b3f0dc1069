import type { Services } from "../../service/services.ts";
import { aliveAnswer, readinessAnswer } from "../answer-schema.ts";
import { doing, type Endpoint } from "../endpoint.ts";
import { refusal } from "../problem.ts";

/** What an orchestrator asks. */
export function stateEndpoints({ readiness }: Services): readonly Endpoint[] {
  return [
    doing({
      method: "get",
      path: "/livez",
      summary: "That the process answers.",
      answer: aliveAnswer,
      run: () => ({ status: "alive" }),
    }),
    doing({
      method: "get",
      path: "/readyz",
      summary: "That requests can be answered: with Redis or without it, but not while the process ends (503).",
      answer: readinessAnswer,
      run: async () => {
        const state = await readiness.check();
        if (typeof state === "string") throw refusal(503, state);
        return state;
      },
    }),
  ];
}
