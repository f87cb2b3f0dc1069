import { z } from "zod";

/** What operators may set while the service runs, for whoever shows its answers to people. */
export const configurationSchema = z.strictObject({
  /** A text over all pages; empty for none. */
  notice: z.string().max(500),
  /** Lists are to show no match below this, 0 to 100. */
  lowestScore: z.number().min(0).max(100),
});

/** As {@link configurationSchema} says. */
export type Configuration = z.infer<typeof configurationSchema>;

/** What is set in generated data. */
export const initialConfiguration: Configuration = { notice: "", lowestScore: 0 };
