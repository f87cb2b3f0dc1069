import { packageTests } from "@tooling/vitest";

/** The rows of the fault matrix: slow, as servers take their time to fail over. Run by `npm run test:faults`. */
export default packageTests({ name: "faults", include: ["faults/**/*.faults.ts"], alone: true });
