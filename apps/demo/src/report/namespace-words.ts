const words: Readonly<Record<string, string>> = {
  company: "company data",
  embed: "embeddings",
  ijp: "preferences",
  match: "match scores",
  user: "sessions",
};

/** What a namespace holds, for people: with its name, under which it is found elsewhere. */
export function inWords(namespace: string): string {
  const word = words[namespace];
  return word === undefined ? namespace : `${word} (${namespace})`;
}
