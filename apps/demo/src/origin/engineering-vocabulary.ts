/** The words one category of work is described with. Skills go in where a duty says `{skill}`. */
export interface Vocabulary {
  /** Job titles without the seniority. */
  readonly roles: readonly string[];
  /** What is asked for and what people offer, in the spelling shown to users. */
  readonly skills: readonly string[];
  /** What one does in such a job, as verb phrases. */
  readonly duties: readonly string[];
  /** The middle of the category's salaries for a person of medium seniority, in euros a year. */
  readonly typicalSalaryEurPerYear: number;
}

/** The categories that build and run software. */
export type EngineeringCategory = "backend" | "frontend" | "mobile" | "platform" | "security";

/** The words of each {@link EngineeringCategory}. */
export const engineeringVocabulary: Readonly<Record<EngineeringCategory, Vocabulary>> = {
  backend: {
    roles: ["Backend Engineer", "API Developer", "Distributed Systems Engineer", "Payments Engineer"],
    skills: ["TypeScript", "Node.js", "Java", "Go", "PostgreSQL", "Redis", "Kafka", "gRPC", "GraphQL", "Spring Boot"],
    duties: [
      "design service boundaries and keep public endpoints stable with {skill}",
      "cut tail latency of transactional services written in {skill}",
      "move a monolith into services that talk over queues and {skill}",
      "model orders, ledgers and refunds so that no event is handled twice",
      "review schema migrations and index plans before they meet production traffic",
      "own idempotent webhooks and rate limits for partner integrations in {skill}",
    ],
    typicalSalaryEurPerYear: 72_000,
  },
  frontend: {
    roles: ["Frontend Engineer", "Web Developer", "UI Engineer", "Design Systems Engineer"],
    skills: [
      "TypeScript",
      "React",
      "Vue",
      "Svelte",
      "CSS",
      "Accessibility",
      "Vite",
      "Next.js",
      "Playwright",
      "Storybook",
    ],
    duties: [
      "build accessible components with {skill} that product teams reuse",
      "bring page load below two seconds on slow phones",
      "turn wireframes into responsive layouts with {skill}",
      "maintain the component library and its visual tests in {skill}",
      "measure interaction delay in the browser and remove needless rendering",
      "work with designers on forms, keyboard paths and screen readers",
    ],
    typicalSalaryEurPerYear: 66_000,
  },
  mobile: {
    roles: ["iOS Engineer", "Android Engineer", "Mobile Developer", "Flutter Developer"],
    skills: [
      "Swift",
      "SwiftUI",
      "Kotlin",
      "Jetpack Compose",
      "Flutter",
      "Dart",
      "React Native",
      "Fastlane",
      "SQLite",
      "Bluetooth",
    ],
    duties: [
      "ship app releases to both stores every week with {skill}",
      "make the app usable offline with local storage and {skill}",
      "reduce battery use and crashes reported from old handsets",
      "write gestures, animations and navigation in {skill}",
      "pair phones with sensors and wearables over {skill}",
      "keep push messages, deep links and in-app purchases dependable",
    ],
    typicalSalaryEurPerYear: 68_000,
  },
  platform: {
    roles: ["Platform Engineer", "Site Reliability Engineer", "DevOps Engineer", "Cloud Engineer"],
    skills: [
      "Kubernetes",
      "Terraform",
      "AWS",
      "Google Cloud",
      "Prometheus",
      "Linux",
      "Helm",
      "Ansible",
      "Go",
      "OpenTelemetry",
    ],
    duties: [
      "run clusters and their upgrades without downtime using {skill}",
      "describe infrastructure as code with {skill} and review it like code",
      "define service levels, alerts and on-call playbooks around {skill}",
      "shorten pipelines so that a commit is deployed within ten minutes",
      "lower the cloud bill by sizing machines after measured demand",
      "rehearse failover of regions and restore backups every month",
    ],
    typicalSalaryEurPerYear: 76_000,
  },
  security: {
    roles: ["Security Engineer", "Penetration Tester", "Application Security Engineer", "Incident Responder"],
    skills: [
      "Threat Modelling",
      "Burp Suite",
      "SIEM",
      "OAuth",
      "Cryptography",
      "Python",
      "Linux",
      "Forensics",
      "ISO 27001",
      "Zero Trust",
    ],
    duties: [
      "model threats with product teams before a line is written",
      "attack our own applications with {skill} and write up the findings",
      "answer incidents, keep evidence and lead the reviews with {skill}",
      "harden identity, secrets and access with {skill}",
      "tune detections in {skill} until false alarms are rare",
      "prepare audits and teach engineers safe defaults",
    ],
    typicalSalaryEurPerYear: 78_000,
  },
};
