import type { Health } from "./health.ts";
import { checkOptions, invalidOption, type OptionRule, trueOrFalse } from "./option-rules.ts";

/** What to answer to a platform that asks how a process is, over HTTP. */
export interface ProbeAnswer {
  readonly statusCode: 200 | 503;
  readonly headers: Readonly<Record<"content-type" | "cache-control", string>>;
  /** JSON: the cache's status, the reasons for it and its remote tiers. No key, no value, no address and no error's text. */
  readonly body: string;
}

/** What makes a process not ready. */
export interface ReadinessOptions {
  /**
   * Whether a cache is ready that answers with less than all of its tiers, or less certainty. A process that is sent no requests because Redis
   * is away turns an outage of the cache into one of the service: `false` only where the origin cannot bear what the tiers keep from it.
   * @defaultValue true
   */
  readonly whileDegraded?: boolean;
}

const optionRules: Readonly<Record<keyof ReadinessOptions, OptionRule>> = { whileDegraded: trueOrFalse };

/**
 * The answer to "must this process be restarted?": 503 only when its cache has been closed. Redis that is away is no reason, as no restart brings it
 * back.
 *
 * @throws `INVALID_OPTION` for anything but what `health()` resolves to.
 *
 * @example
 * ```ts
 * import { createCache, livenessOf } from "@tiercache/core";
 * import { lru } from "@tiercache/lru";
 *
 * const cache = createCache({ tiers: [lru()] });
 * const { statusCode, headers, body } = livenessOf(await cache.health());
 * console.log(statusCode, body); // 200 {"status":"healthy","reasons":[],"tiers":[]}
 * await cache.close();
 * ```
 */
export function livenessOf(health: Health): ProbeAnswer {
  const { reasons } = checked("livenessOf", health);
  return answer(health, !reasons.some(({ reason }) => reason === "closed"));
}

/**
 * The answer to "may this process be sent requests?": 503 when its cache is unhealthy, so that every read would be a load.
 *
 * @throws `INVALID_OPTION`, also for anything but what `health()` resolves to.
 *
 * @example
 * ```ts
 * import { createServer } from "node:http";
 * import { createCache, livenessOf, readinessOf } from "@tiercache/core";
 * import { lru } from "@tiercache/lru";
 *
 * const cache = createCache({ tiers: [lru()] });
 * const server = createServer(async (request, response) => {
 *   const health = await cache.health();
 *   const { statusCode, headers, body } = request.url === "/live" ? livenessOf(health) : readinessOf(health);
 *   response.writeHead(statusCode, headers).end(body);
 * });
 * await cache.close();
 * console.log(readinessOf(await cache.health()).statusCode); // 503
 * ```
 */
export function readinessOf(health: Health, options: ReadinessOptions = {}): ProbeAnswer {
  checkOptions("readinessOf", options, optionRules);
  const { status } = checked("readinessOf", health);
  return answer(health, status === "healthy" || ((options.whileDegraded ?? true) && status === "degraded"));
}

/** @throws `INVALID_OPTION`: a promise that was not awaited, above all. */
function checked(owner: string, health: Health): Health {
  if (Array.isArray(health?.reasons) && Array.isArray(health.tiers)) return health;
  throw invalidOption(`The first argument of ${owner}`, health, { allowed: "what health() resolves to, awaited" });
}

function answer({ status, reasons, tiers }: Health, isGood: boolean): ProbeAnswer {
  return {
    statusCode: isGood ? 200 : 503,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
    body: JSON.stringify({ status, reasons, tiers }),
  };
}
