import { peers } from "../peers/peers.ts";
import { figureText } from "./figure-text.ts";
import { goalText } from "./goal-results.ts";
import { escaped, plotOf } from "./plot.ts";
import type { CaseResult, Report } from "./report.ts";

const style = `
:root { color-scheme: light dark; --own: #2f6fde; --bar: #9aa5b1; --line: #d64545; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 760px; margin: 2rem auto; padding: 0 1rem; }
h2 { font-size: 1rem; margin: 2rem 0 .3rem; }
svg { max-width: 100%; height: auto; }
text { font: 12px system-ui, sans-serif; fill: currentColor; }
.name { text-anchor: end; } .wrong { font-style: italic; }
.bar { fill: var(--bar); } .own { fill: var(--own); } .best { fill: currentColor; opacity: .25; }
.floor { stroke: var(--line); stroke-dasharray: 3 3; }
.reached { color: #2a8a4a; } .missed { color: var(--line); font-weight: 600; }
small { opacity: .75; }
`;

/** A report as a page that needs nothing but itself. */
export function pageOf(report: Report): string {
  const { date, machine, node, server, noise, versions } = report.environment;
  const made = `${date} · ${machine} · Node ${node.slice(1)} · ${server}`;
  const noisy = `The same work took ${noise.fastTenth.toFixed(2)} to ${noise.slowTenth.toFixed(2)} × its median.`;
  const names = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>tiercache: benchmarks</title>`,
    `<meta name="viewport" content="width=device-width"><style>${style}</style>`,
    `<h1>Benchmarks</h1><p>${escaped(made)}<br><small>${escaped(names.join(" · "))}</small></p>`,
    `<p>Bars are multiples of the floor, which is the red line; shorter is better. ${escaped(noisy)}`,
    `What lies between a contender's best round and its median is shaded.</p>`,
    ...report.results.map(sectionOf),
    `<h2>How each is set up</h2><ul>${peers.map(({ name, setUp }) => `<li><b>${name}</b>: ${escaped(setUp)}</li>`).join("")}</ul>`,
    `</html>\n`,
  ].join("\n");
}

function sectionOf(result: CaseResult): string {
  const goals = result.goals.map((goal) => {
    const kind = goal.isReached ? "reached" : "missed";
    return `<span class="${kind}">${escaped(goalText(goal))}: ${goal.isReached ? "reached" : "not reached"}</span>`;
  });
  const also = result.measurements.flatMap(({ contender, figures }) => {
    const others = Object.entries(figures).slice(1);
    if (others.length === 0) return [];
    return [`${contender}: ${others.map((figure) => figureText(...figure)).join(", ")}`];
  });
  return [
    `<h2>${escaped(result.title)}</h2>${plotOf(result)}`,
    goals.length === 0 ? "" : `<p>${goals.join(" · ")}</p>`,
    also.length === 0 ? "" : `<p><small>${escaped(also.join(" · "))}</small></p>`,
  ].join("");
}
