import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { Hono } from "hono";

const folder = join(import.meta.dirname, "../../page");

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Nothing but what this server sends, and nobody else's frame. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** What a report may do that brings its styles and plots in its own text, and runs nothing. */
const reportPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const headers = {
  "cache-control": "no-cache",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
};

/**
 * The page at `/`, as it lies in the folder `page`: read once, sent as it is.
 *
 * @param report - The report as a page of its own, at `/report`; `undefined` before there is one.
 */
export function pageRoutes(report: () => string | undefined): Hono {
  const app = new Hono();
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    const body = readFileSync(join(folder, name), "utf8");
    const path = name === "index.html" ? "/" : `/page/${name.replaceAll("\\", "/")}`;
    const sent = { ...headers, "content-type": type, "content-security-policy": pagePolicy };
    app.get(path, (context) => context.body(body, 200, sent));
  }
  app.get("/report", (context) => {
    const page = report();
    const sent = { ...headers, "content-type": "text/html; charset=utf-8", "content-security-policy": reportPolicy };
    return page === undefined ? context.redirect("/") : context.body(page, 200, sent);
  });
  return app;
}
