import { ProviderError } from "./provider-error.ts";

/** Where a provider is and how it is addressed. */
export interface ProviderEndpointOptions {
  /** What paths are added to, such as `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  /** Sent as a bearer token; no such header when absent. */
  readonly apiKey?: string | undefined;
}

/** One call. */
export interface ProviderCall {
  /** Posted as JSON; a `GET` without one. */
  readonly body?: object;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The HTTP face of a provider: JSON out, JSON in, every failure a {@link ProviderError}. It neither retries nor sets a deadline; whoever
 * calls decides about those.
 */
export class ProviderEndpoint {
  readonly #name: string;
  readonly #base: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #apiKey: string | undefined;

  /**
   * @param name what the provider is for, as messages say it: `embedding`
   * @throws TypeError when the base URL is none or the key cannot stand in a header; its message has neither's secret
   */
  constructor(name: string, { baseUrl, apiKey }: ProviderEndpointOptions) {
    this.#name = name;
    this.#base = baseOf(baseUrl);
    this.#headers = headersFor(apiKey);
    this.#apiKey = apiKey;
  }

  /**
   * What the provider answers under a path, as JSON.
   *
   * @throws ProviderError
   * @throws the signal's reason when it is aborted
   */
  async call(path: string, { body, signal }: ProviderCall): Promise<unknown> {
    signal?.throwIfAborted();
    let status: number | undefined;
    try {
      const sent = body === undefined ? { method: "GET" } : { method: "POST", body: JSON.stringify(body) };
      // A redirect would carry what is sent to a host nobody configured.
      const init = { ...sent, headers: this.#headers, signal: signal ?? null, redirect: "error" } as const;
      const response = await fetch(`${this.#base.href}${path}`, init);
      status = response.status;
      if (!response.ok) throw this.#httpError(status, await response.text());
      return await response.json();
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof ProviderError) throw cause;
      if (cause instanceof SyntaxError) throw this.badAnswer("no JSON", status);
      throw new ProviderError("UNREACHABLE", `The ${this.#name} provider did not answer`, { status, cause });
    }
  }

  /** The error for an answer that is not what was asked for. */
  badAnswer(what: string, status?: number): ProviderError {
    return new ProviderError("BAD_ANSWER", `The ${this.#name} provider answered with ${what}`, { status });
  }

  #httpError(status: number, body: string): ProviderError {
    // Some providers repeat the key they refuse.
    const shown = this.#apiKey === undefined ? body : body.replaceAll(this.#apiKey, "[key]");
    const message = `The ${this.#name} provider answered ${status}: ${shown.slice(0, 300)}`;
    return new ProviderError("HTTP", message, { status });
  }
}

function baseOf(baseUrl: string): URL {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || url.username !== "" || url.password !== "") {
    throw new TypeError("baseUrl must be a URL without user and password");
  }
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/`;
  return url;
}

function headersFor(apiKey: string | undefined): Record<string, string> {
  const headers = { "content-type": "application/json" };
  if (apiKey === undefined) return headers;
  // fetch would quote the whole header in its own error.
  if (!/^[\x21-\x7e]+$/.test(apiKey)) throw new TypeError("apiKey must be printable ASCII without spaces");
  return { ...headers, authorization: `Bearer ${apiKey}` };
}
