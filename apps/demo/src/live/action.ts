import { z } from "zod";
import { redisActs } from "./redis-switch.ts";

const userId = z.int().min(1).max(Number.MAX_SAFE_INTEGER);
const instance = z.string().min(1).max(40).optional();
const user = z.strictObject({ userId, instance });

/** What the page may ask an instance for, and with what. `instance` names the one that shall do it; without it, the one asked. */
export const instanceActions = {
  watch: user,
  "read-preferences": user,
  "change-preferences": user,
  "refresh-matches": user,
} as const;

/** What the page may ask the process for. */
export const processActions = {
  ingest: z.strictObject({}),
  warm: z.strictObject({}),
  "send-load": z.strictObject({
    perSecond: z.int().min(1).max(2_000),
    exponent: z.number().min(0).max(3),
  }),
  "stop-load": z.strictObject({}),
} as const;

/** What may be done on the machine itself alone, to what the demo has started. */
export const machineActions = {
  redis: z.strictObject({ act: z.enum(redisActs) }),
  "start-instance": z.strictObject({}),
} as const;
