/** The style of the report's page, in its own text: it is one file that needs no other. */
export const reportStyle = `
:root { color-scheme: light dark; --ground: light-dark(#f6f7f8, #0e1216); --card: light-dark(#fff, #161b21);
  --line: light-dark(#e1e5e9, #262d35); --ink: light-dark(#15202b, #e6ebf0); --quiet: light-dark(#566370, #93a1af);
  --local: light-dark(#0f766e, #2dd4bf); --remote: light-dark(#4254c5, #8b9bff); --loaded: light-dark(#b45309, #f2a24b);
  --good: light-dark(#15803d, #4ade80); --bad: light-dark(#b42318, #ff8a7a); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1080px; padding: 24px; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; font-variant-numeric: tabular-nums; }
h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.05rem; margin: 28px 0 10px; }
p { margin: 4px 0; } .quiet, figcaption, td.quiet { color: var(--quiet); font-size: .875rem; }
.cards { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 18px; min-width: 0; overflow-x: auto; }
.card h3 { margin: 0 0 8px; font-size: 1rem; }
figure { margin: 0 0 14px; } figure:last-child { margin: 0; }
figcaption { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 8px; margin-bottom: 6px; }
svg { display: block; width: 100%; } svg text { fill: var(--quiet); font-size: 12px; } svg .figure { fill: var(--ink); }
svg .tick { text-anchor: middle; font-size: 12px; } .wide { overflow-x: auto; } .wide svg { min-width: 620px; } svg .grid { stroke: var(--line); } svg .target { stroke: var(--ink); stroke-width: 3; }
rect.none { fill: var(--quiet); } rect.local { fill: var(--local); } rect.remote { fill: var(--remote); } rect.both { fill: var(--loaded); }
circle.law-0 { fill: var(--local); } circle.law-1 { fill: var(--remote); } circle.law-2 { fill: var(--loaded); }
.legend { display: flex; gap: 14px; } .legend i, .legend b { display: inline-block; width: 10px; height: 10px; border-radius: 50%; margin-right: 6px; }
.legend b { width: 3px; height: 13px; border-radius: 0; background: var(--ink); vertical-align: -2px; }
i.law-0 { background: var(--local); } i.law-1 { background: var(--remote); } i.law-2 { background: var(--loaded); }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
th, td { text-align: right; padding: 6px 10px; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--quiet); font-weight: 500; } tr > :first-child { text-align: left; padding-left: 0; }
tbody tr:last-child > * { border-bottom: 0; } .left th, .left td { text-align: left; white-space: normal; }
.yes { color: var(--good); } .no { color: var(--bad); font-weight: 600; }
ul { margin: 10px 0 0; padding-left: 18px; } li { margin: 2px 0; }
`;
