/** A document in which figures stand between two markers. */
export interface MarkedDocument {
  readonly figures: string;
  /** The document with other figures. */
  with(figures: string): string;
}

/** What the commands that write figures write. */
const written = { bench: "figures", "bench:scale": "figures", "bench:profile": "profile" } as const;

/**
 * @param name - Of the command that writes the figures.
 * @throws an `Error` where the markers are not there
 */
export function markedDocument(document: string, name: keyof typeof written): MarkedDocument {
  const what = written[name];
  const [begin, end] = [`<!-- ${what}: begin; written by \`pnpm ${name} --write\` -->`, `<!-- ${what}: end -->`];
  const [from, to] = [document.indexOf(begin) + begin.length, document.indexOf(end)];
  if (!document.includes(begin) || to < from)
    throw new Error(`The document has no place for figures: ${begin} … ${end}`);
  return {
    figures: document.slice(from, to).trim(),
    with: (figures) => `${document.slice(0, from)}\n${figures}\n${document.slice(to)}`,
  };
}
