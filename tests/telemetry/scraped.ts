/** What a Prometheus server would have of one scrape: each series with its value. */
export class Scraped {
  readonly #series: ReadonlyMap<string, number>;

  constructor(text: string) {
    const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    this.#series = new Map(
      lines.map((line) => {
        const [, name = "", labels = "", value = ""] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
        return [placeOf(name, labelsIn(labels)), Number(value.replace("Inf", "Infinity"))];
      }),
    );
  }

  /** The names of all series, with their labels. */
  get series(): readonly string[] {
    return [...this.#series.keys()];
  }

  /** The series of a name, by the values of their labels in the order of the labels' names, without those of the scope. */
  of(name: string): Readonly<Record<string, number>> {
    const own = [...this.#series].filter(([place]) => place.split("{")[0] === name);
    return Object.fromEntries(
      own.map(([place, value]) => {
        const labels = [...place.matchAll(/(\w+)="([^"]*)"/g)].filter(
          ([, label]) => label?.startsWith("otel_") !== true,
        );
        return [labels.map(([, , text]) => text).join(" "), value];
      }),
    );
  }
}

function labelsIn(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name = "", value = ""]) => [name, value]));
}

function placeOf(name: string, labels: ReadonlyMap<string, string>): string {
  const sorted = [...labels].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `${name}{${sorted.map(([label, value]) => `${label}="${value}"`).join(",")}}`;
}
