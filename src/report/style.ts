/** Shades of the confusion matrix: right ones in the first colour of charts, wrong ones in that of weak results. */
const SHADES = Array.from({ length: 10 }, (_, s) => {
  const share = 6 + (s + 1) * 4;
  return [
    `.right.h${s + 1}{background:color-mix(in srgb,var(--s0) ${share}%,transparent)}`,
    `.wrong.h${s + 1}{background:color-mix(in srgb,var(--weak) ${share}%,transparent)}`,
  ].join('');
}).join('');

const COLOURS = `
:root{--bg:#fff;--fg:#1b2230;--muted:#566072;--line:#d9dee7;--card:#f5f7fa;--s0:#1f5fbf;--weak:#a84300;--weak-bg:#fff3e6;--mark:#b3266b}
@media (prefers-color-scheme:dark){:root{--bg:#12161d;--fg:#e6eaf0;--muted:#a0abbc;--line:#313a48;--card:#1b212b;--s0:#7fb0ff;--weak:#ffab66;--weak-bg:#33230f;--mark:#ff8ec2}}
`;

const TEXT = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:68rem;padding:1.2rem 1rem 4rem;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1{font-size:1.6rem;line-height:1.25;margin:0;overflow-wrap:anywhere}
header p{margin:.3rem 0 0;color:var(--muted);overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:2.6rem 0 .6rem;padding-top:.6rem;border-top:1px solid var(--line)}
p,li{max-width:46rem;overflow-wrap:anywhere}
p{margin:.5rem 0}
nav ul{display:flex;flex-wrap:wrap;gap:.1rem 1rem;padding:0;margin:1rem 0 0;list-style:none;font-size:.875rem}
nav a{color:var(--s0);display:inline-block;padding:.15rem 0}
.lead{font-size:1.15rem;font-weight:600}
.weak{border-left:4px solid var(--weak);background:var(--weak-bg);padding:.5rem .8rem}
.weak strong{color:var(--weak)}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:.8rem;margin:1rem 0}
.figures div{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.7rem .9rem}
.figures dt{color:var(--muted);font-size:.875rem}
.figures dd{margin:0}
.figures strong{display:block;font-size:1.7rem;line-height:1.2;font-variant-numeric:tabular-nums}
.figures span{font-size:.85rem}
`;

const TABLES = `
.wide{overflow-x:auto;margin:1rem 0}
table{min-width:min(100%,24rem);border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:.2rem 0 .4rem}
th,td{padding:.3rem .7rem .3rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;max-width:20rem;overflow-wrap:break-word}
thead th{color:var(--muted);font-weight:600}
tbody th{font-weight:400;min-width:7rem}
.n{text-align:right;padding-left:.7rem}
td.n{white-space:nowrap}
.matrix td{padding:.5rem .8rem;border:1px solid var(--line)}
.matrix .n{min-width:4rem}
@media(max-width:600px){td.n{white-space:normal}th,td{padding-right:.5rem}}
details{margin:.6rem 0}
summary{cursor:pointer;color:var(--muted)}
`;

const CHARTS = `
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr));gap:1.2rem 2rem;margin:1rem 0}
figure{margin:0;max-width:31rem;break-inside:avoid}
figcaption{font-size:.875rem;color:var(--muted);text-align:center}
svg{display:block;width:100%;height:auto;font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
svg text{fill:var(--fg)}
svg .tick,svg .axis-title{fill:var(--muted)}
.grid{stroke:var(--line)}
.axis{stroke:var(--muted)}
.reference{stroke:var(--muted);stroke-dasharray:4 4}
.line{fill:none;stroke:var(--s0);stroke-width:2;stroke-linejoin:round}
.band{fill:var(--s0);opacity:.18}
.fill,.dot{fill:var(--s0)}
.whisker{stroke:var(--s0);stroke-width:1.5}
.whisker.row{stroke:var(--fg);stroke-width:2;opacity:.65}
.mark{fill:var(--mark);stroke:var(--bg);stroke-width:1.5}
`;

const PRINT = `
@media print{:root{--bg:#fff;--fg:#000;--muted:#444;--line:#bbb;--card:#fff;--s0:#1f5fbf;--weak:#8a3800;--weak-bg:#fff;--mark:#b3266b}
body{max-width:none;padding:0;font-size:11pt}nav{display:none}h2{break-after:avoid}tr,.figures div{break-inside:avoid}.wide{overflow:visible}
details::details-content{content-visibility:visible;display:block}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;

/** The style of the page: everything it needs, in one text that the data has no part in. */
export const PAGE_STYLE = [COLOURS, TEXT, TABLES, SHADES, CHARTS, PRINT].join('').replaceAll('\n', '');
