import type { NamespaceStats } from "@tiercache/core";
import type { Namespaces } from "../service/namespaces.ts";
import type { Origins } from "../service/origins.ts";

/**
 * What the hits of a cache would have cost, had each been a call that is paid for: as many dollars as the calls that were made have
 * cost on average. Nothing is known of what nobody has paid for yet.
 */
export function savedUsd(namespaces: Namespaces, { embeddings, language, companies }: Origins): number {
  const perText = average(embeddings.usage.costUsd, embeddings.usage.texts);
  const perCompletion = average(language.usage.costUsd, language.usage.calls);
  const perCompany = average(companies.usage.costUsd, companies.usage.calls);
  const { evaluations, tailored, parsedAds, parsedCvs, industries, roleCategories, domains } = namespaces;
  const written = [evaluations, tailored, parsedAds, parsedCvs, industries, roleCategories, domains];
  const completions = written.reduce((sum, namespace) => sum + sparedBy(namespace.stats()), 0);
  return (
    sparedBy(namespaces.embeddings.stats()) * perText +
    completions * perCompletion +
    sparedBy(namespaces.companies.stats()) * perCompany
  );
}

function sparedBy({ total }: NamespaceStats): number {
  return total.hits + total.stale + total.joined;
}

function average(sum: number, count: number): number {
  return count === 0 ? 0 : sum / count;
}
