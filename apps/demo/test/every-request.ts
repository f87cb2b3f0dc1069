import { type Asking, asOperator } from "./running-service.ts";

const preferences = { categories: ["backend"], cities: [], remote: "welcome", minimumSalaryEurPerYear: 1_000 };
const resume = { city: "Berlin", yearsOfExperience: 9, skills: ["Kafka"], text: "Kafka for nine years." };
const text = "Senior Backend Engineer in Berlin. You own PostgreSQL and Kafka. 5 years of practice.";
const get: Asking = {};

function post(body: unknown): Asking {
  return { method: "POST", body };
}

function put(body: unknown): Asking {
  return { method: "PUT", body };
}

function operator(asking: Asking): Asking {
  return { ...asking, headers: asOperator };
}

/** One request to each endpoint of the service that is answered well, by how the endpoint is called. */
export const everyRequest: Readonly<Record<string, readonly [path: string, asking: Asking]>> = {
  "get /jobs": ["/jobs?category=backend&page=1", get],
  "get /jobs/:jobId": ["/jobs/17", get],
  "get /companies/:companyId": ["/companies/101", get],
  "get /popular-jobs": ["/popular-jobs", get],
  "get /statistics": ["/statistics", get],
  "get /configuration": ["/configuration", get],
  "get /users/:userId": ["/users/7", get],
  "put /users/:userId": ["/users/7", put({ name: "Ada Quinn" })],
  "get /users/:userId/resume": ["/users/7/resume", get],
  "put /users/:userId/resume": ["/users/7/resume", put(resume)],
  "get /users/:userId/preferences": ["/users/7/preferences", get],
  "put /users/:userId/preferences": ["/users/7/preferences", put(preferences)],
  "get /users/:userId/session": ["/users/8/session", get],
  "put /users/:userId/session": ["/users/7/session", { method: "PUT" }],
  "delete /users/:userId/session": ["/users/7/session", { method: "DELETE" }],
  "get /users/:userId/matches": ["/users/7/matches", get],
  "post /users/:userId/matches": ["/users/7/matches", post({ jobIds: [17, 99_999, 3] })],
  "get /users/:userId/matches/:jobId": ["/users/7/matches/17", get],
  "get /users/:userId/matches/:jobId/compatibility": ["/users/7/matches/17/compatibility", get],
  "get /users/:userId/matches/:jobId/evaluation": ["/users/7/matches/17/evaluation", get],
  "get /users/:userId/matches/:jobId/tailored-resume": ["/users/7/matches/17/tailored-resume", get],
  "post /embeddings": ["/embeddings", post({ texts: ["one", "two"] })],
  "post /parsed-ads": ["/parsed-ads", post({ text })],
  "post /parsed-cvs": ["/parsed-cvs", post({ text })],
  "get /domains": ["/domains?query=kafka", get],
  "get /livez": ["/livez", get],
  "get /readyz": ["/readyz", get],
  "get /openapi.json": ["/openapi.json", get],
  "get /management/statistics": ["/management/statistics", operator(get)],
  "get /management/health": ["/management/health", operator(get)],
  "post /management/explanations": ["/management/explanations", operator(post({ namespace: "job", jobId: 17 }))],
  "delete /management/namespaces/:namespace/entries": [
    "/management/namespaces/domains/entries",
    operator({ method: "DELETE" }),
  ],
  "post /management/invalidations": ["/management/invalidations", operator(post({ tags: ["feed"] }))],
  "post /management/companies/:companyId/enrichments": [
    "/management/companies/101/enrichments",
    operator({ method: "POST" }),
  ],
  "put /management/configuration": ["/management/configuration", operator(put({ notice: "", lowestScore: 0 }))],
  "post /management/ingestions": ["/management/ingestions", operator(post({ added: 1, changed: 1, removed: 1 }))],
  "post /management/users/:userId/warming": ["/management/users/7/warming", operator({ method: "POST" })],
  "post /management/warming": ["/management/warming", operator(post({ userIds: [7, 8], jobs: 3 }))],
};
