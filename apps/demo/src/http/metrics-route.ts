import { Hono } from "hono";
import type { CacheMetrics } from "../service/cache-metrics.ts";

/** `GET /metrics`, for Prometheus. */
export function metricsRoute(metrics: CacheMetrics): Hono {
  return new Hono().get("/metrics", async (context) =>
    context.text(await metrics.text(), 200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" }),
  );
}
