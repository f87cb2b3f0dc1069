/** What the page and other instances send along with what they ask for: a page elsewhere cannot, without asking first. */
export const pageHeader = "x-tiercache-demo";

const loopbackNames = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * Why something is not done that was not asked for by the page itself, or by another instance: both send a header of their own, and a
 * browser says whence it asks.
 */
export function refusalOf({ headers, url }: Request): string | undefined {
  const site = headers.get("sec-fetch-site") ?? "same-origin";
  const origin = headers.get("origin");
  const isFromHere = site === "same-origin" && (origin === null || hostOf(origin) === new URL(url).host);
  return isFromHere && headers.get(pageHeader) !== null ? undefined : "Only the demo's own page may ask for that.";
}

/**
 * The same for what touches the machine: only a browser that says that it asks from here, under a name of this machine, as no other name
 * can be made to point to it.
 */
export function refusalOfMachine(request: Request): string | undefined {
  const refusal = refusalOf(request);
  if (refusal !== undefined) return refusal;
  if (!loopbackNames.has(new URL(request.url).hostname)) return "That can be asked for on the machine itself only.";
  return request.headers.get("origin") === null ? "Only the demo's own page may ask for that." : undefined;
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
