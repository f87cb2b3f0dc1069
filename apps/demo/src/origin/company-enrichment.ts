import { z } from "zod";
import { generateCompanies } from "./company.ts";
import { SeededRandom } from "./random.ts";

/** What an enrichment provider knows of a company. */
export const companyEnrichmentSchema = z.strictObject({
  companyId: z.int().min(1),
  name: z.string(),
  domain: z.string(),
  industry: z.string(),
  employees: z.int().min(1),
  foundedYear: z.int(),
  description: z.string(),
  /** One more each time the provider has learned something. */
  version: z.int().min(1),
});

/** As {@link companyEnrichmentSchema} says. */
export type CompanyEnrichment = z.infer<typeof companyEnrichmentSchema>;

const products = ["tools for accountants", "route planning", "a booking service", "sensors", "a market place"];

/** What is known of the companies of a seed, by id. */
export function generateEnrichments(seed: number, count: number): ReadonlyMap<number, CompanyEnrichment> {
  const enrichments = generateCompanies(seed, count).map(({ id, name }): [number, CompanyEnrichment] => {
    const random = new SeededRandom(seed, `enrichment/${id}`);
    const [first = "", industry = ""] = name.split(" ");
    const foundedYear = random.integer(1980, 2022);
    const employees = Math.ceil(5 / (0.0005 + random.next()));
    const description = `${name} was founded in ${foundedYear} and makes ${random.pick(products)} with ${employees} people.`;
    const domain = `${first.toLowerCase()}-${id}.example`;
    return [id, { companyId: id, name, domain, industry, employees, foundedYear, description, version: 1 }];
  });
  return new Map(enrichments);
}
