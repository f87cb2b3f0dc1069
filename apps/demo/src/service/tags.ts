/** The tags of everything that is cached, so that what is declared and what is invalidated cannot differ by a letter. */
export const tags = {
  /** Every page of the feed and every job: for an operator who does not trust the table any longer. */
  feed: "feed",
  /** The pages of the feed alone, which each run of the job feed ends. */
  feedPages: "feed:pages",
  popular: "popular",
  /** Everybody's list of top matches. */
  matchLists: "matches:lists",
  statistics: "statistics",
  configuration: "configuration",
  job: (id: number) => `job:${id}`,
  /** What only the text of a job decides. */
  jobText: (id: number) => `job:${id}:text`,
  resume: (userId: number) => `resume:${userId}`,
  preferences: (userId: number) => `user:${userId}:preferences`,
  matches: (userId: number) => `user:${userId}:matches`,
  session: (userId: number) => `user:${userId}:session`,
  user: (userId: number) => `user:${userId}`,
  company: (id: number) => `company:${id}`,
} as const;
