import { DARK, LIGHT, variables } from './theme.ts';

/** The one style sheet, inlined. Paper is always light, whatever the screen is. */
export const STYLE = `
:root { color-scheme: light; ${variables(LIGHT)}
  --sans: -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --mono: ui-monospace, SFMono-Regular, "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace; }
@media screen and (prefers-color-scheme: dark) { :root { color-scheme: dark; ${variables(DARK)} } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 14px/1.5 var(--sans); overflow-wrap: break-word; }
.wide { max-width: 1240px; margin: 0 auto; padding: 0 24px; }
h1, h2, h3, h4, p, dl, dd, ul, table, pre, fieldset { margin: 0; padding: 0; }
h1, h2, h3, h4 { line-height: 1.3; font-weight: 600; }
a { color: var(--link); text-underline-offset: 2px; text-decoration-thickness: 1px; }
code, pre, .mono { font-family: var(--mono); font-size: 12.5px; unicode-bidi: isolate; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
[hidden] { display: none !important; }
.vh { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -9999px; top: 8px; background: var(--page); padding: 6px 12px; z-index: 3; }
.skip:focus { left: 8px; }
.quiet { color: var(--quiet); }

.top { border-bottom: 1px solid var(--line); padding: 20px 0 22px; }
.top .line { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 4px 24px; color: var(--quiet); font-size: 13px; }
.top .line b { color: var(--ink); }
h1 { font-size: 16px; margin-top: 16px; }
.answer { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 16px; margin-top: 2px; }
.answer strong { font-size: 34px; line-height: 1.15; letter-spacing: -.01em; }
.answer span { font-size: 16px; flex: 1 1 280px; }
.is-fail { color: var(--fail); } .is-unknown { color: var(--unknown); } .is-pass { color: var(--pass); } .is-none { color: var(--quiet); }
nav ul { display: flex; flex-wrap: wrap; gap: 2px 20px; list-style: none; margin-top: 14px; font-size: 13px; }

.badge { display: inline-block; padding: 0 6px; border: 1px solid currentColor; border-radius: 3px; font-size: 11px; font-weight: 700; line-height: 17px; letter-spacing: .03em; white-space: nowrap; }
.badge.fail { background: var(--fail); border-color: var(--fail); color: var(--on-fail); }
.badge.unknown { background: var(--unknown-tint); color: var(--unknown); border-style: dashed; }
.badge.pass { background: var(--pass-tint); color: var(--pass); }
.badge.none { color: var(--quiet); }
.sev { font-size: 12.5px; white-space: nowrap; color: var(--quiet); }
.sev.critical, .sev.unrated { color: var(--fail); font-weight: 700; }
.sev.high { color: var(--fail); }
.sev.medium { color: var(--ink); }
.tag { display: inline-block; border: 1px solid var(--line); border-radius: 3px; padding: 0 5px; font-size: 11px; line-height: 16px; white-space: nowrap; }

table { width: 100%; table-layout: fixed; border-collapse: collapse; font-size: 13px; }
th, td { text-align: left; vertical-align: top; padding: 7px 16px 7px 0; border-top: 1px solid var(--line); font-weight: 400; }
thead th { border-top: 0; padding-bottom: 5px; color: var(--quiet); font-size: 12px; white-space: nowrap; }
tbody tr:first-child > * { border-top-color: var(--line); }
tr > :last-child { padding-right: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; }

section.block { padding-top: 26px; scroll-margin-top: 12px; }
h2 { font-size: 18px; }
h2 + table, h2 + p { margin-top: 10px; }
.matrix-wrap + table { margin-top: 26px; }
.fleet .w-cluster { width: 19%; } .fleet .w-answer { width: 12%; } .fleet .w-findings { width: 19%; } .fleet .w-version { width: 8%; } .fleet .w-cni { width: 15%; }
.w-change { width: 9%; } .w-place { width: 16%; } .w-check { width: 26%; } .w-state { width: 10%; } .w-day { width: 104px; } .w-count { width: 84px; } .w-severity { width: 104px; } .w-fact { width: 22%; } .w-when { width: 158px; } .w-blocks { width: 26%; }
.references { list-style: none; margin-top: 4px; font-size: 12px; color: var(--quiet); }
.fleet th a { font-weight: 600; }
.fleet small, .place { display: block; color: var(--quiet); font-size: 12px; }
.bar { display: block; width: 132px; height: 8px; margin: 5px 0 3px; }
.bar .enforced { fill: var(--pass); } .bar .broken { fill: var(--fail); }
.bar .unknown { fill: var(--unknown-tint); stroke: var(--unknown); stroke-width: 1; stroke-dasharray: 3 2; }
.bar .none { fill: var(--raised); stroke: var(--line); }
.counts { display: inline-flex; flex-wrap: wrap; gap: 0 12px; }
.counts .zero { color: var(--quiet); }

.filter { border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); background: var(--raised); margin-top: 26px; }
.filter .wide { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 22px; padding-top: 10px; padding-bottom: 10px; }
fieldset { border: 0; display: flex; flex-wrap: wrap; align-items: center; gap: 4px 6px; min-width: 0; }
legend { float: left; padding: 0; margin-right: 4px; }
legend, .filter .field label { font-size: 12px; color: var(--quiet); }
.filter .field { display: inline-flex; align-items: center; gap: 8px; min-width: 0; max-width: 100%; }
.filter .field select { min-width: 0; }
.chip { position: relative; display: inline-flex; }
.chip input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer; }
.chip span { border: 1px solid var(--line); border-radius: 3px; padding: 2px 8px; font-size: 12px; line-height: 18px; background: var(--page); }
.chip input:checked + span { background: var(--ink); border-color: var(--ink); color: var(--page); }
.chip input:focus-visible + span { outline: 2px solid var(--link); outline-offset: 2px; }
.filter .break { flex-basis: 100%; height: 0; }
.filter select, .filter input[type=search], button { font: inherit; font-size: 13px; color: var(--ink); background: var(--page); border: 1px solid var(--line); border-radius: 3px; padding: 3px 8px; min-height: 26px; max-width: 100%; }
.filter input[type=search] { width: 280px; }
button { cursor: pointer; } button:hover { border-color: var(--quiet); }
#shown { flex: 1 0 180px; min-height: 1.5em; font-size: 13px; font-variant-numeric: tabular-nums; text-align: right; }

.cluster { padding-top: 34px; scroll-margin-top: 64px; content-visibility: auto; contain-intrinsic-size: auto 900px; }
.cluster > header { border-bottom: 2px solid var(--ink); padding-bottom: 8px; }
.cluster > header .line { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 12px; }
.cluster h2 { font-size: 20px; }
.group { margin-top: 18px; }
h3 { font-size: 13px; color: var(--quiet); font-weight: 600; }
.card { padding: 14px 0 16px; border-top: 1px solid var(--line); content-visibility: auto; contain-intrinsic-size: auto 220px; }
.group > .card:first-of-type { border-top: 0; padding-top: 8px; }
.head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 10px; }
h4 { font-size: 15px; flex: 1 1 320px; }
.head .cause { flex: 1 1 320px; font-size: 13px; }
.head > *, .line > * { min-width: 0; }
.head .count { font-variant-numeric: tabular-nums; white-space: nowrap; }
.head + .id { color: var(--quiet); }
.body { display: grid; gap: 8px 40px; margin-top: 8px; }
.body > * { min-width: 0; }
.side { font-size: 13px; }
.side p + p { margin-top: 8px; }
.side b { font-weight: 600; }
.command { position: relative; margin: 8px 0; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 3px; padding: 9px 12px; white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.55; }
code .word { display: inline-block; max-width: 100%; }
time { display: inline-block; max-width: 100%; }
.command button { position: absolute; right: 5px; top: 5px; font-size: 12px; padding: 0 8px; min-height: 22px; }
.command.can-copy pre { padding-right: 68px; }
.where { font-size: 12px; color: var(--quiet); }
.rows .w-name { width: 40%; } .rows .w-half { width: 42%; } .rows.chain .w-name { width: 27%; } .rows .w-answer { width: 88px; } .rows .w-system { width: 20%; } .rows .w-since { width: 96px; }
.rows .system { color: var(--quiet); font-size: 12px; }
.rows .since { white-space: nowrap; }
.rows p.note { color: var(--quiet); font-size: 12.5px; }
.rows p.gap { margin-top: 2px; }

details > summary { cursor: pointer; }
details.evidence { margin-top: 3px; font-size: 12px; color: var(--quiet); }
details.evidence > summary { width: fit-content; }
details.evidence[open] > summary { margin-bottom: 4px; }
.evidence dl { border-left: 2px solid var(--line); padding-left: 12px; color: var(--ink); }
.evidence dt { font-size: 12px; color: var(--quiet); }
.evidence dd + dt { margin-top: 7px; }
.evidence dd.value { font-family: var(--mono); font-size: 12.5px; }
.evidence dd.origin { font-size: 12px; color: var(--quiet); }
details.fold { margin-top: 14px; border-top: 1px solid var(--line); padding-top: 8px; }
details.fold > summary { font-size: 13px; font-weight: 600; padding: 2px 0; }
details.fold > summary .quiet { font-weight: 400; }
.more > summary { font-size: 13px; padding: 6px 0; color: var(--link); width: fit-content; }
.fold .card { padding: 10px 0 12px; contain-intrinsic-size: auto 90px; }
.fold h4 { font-size: 13.5px; }
.alert { border: 1px solid var(--fail); border-left-width: 4px; background: var(--fail-tint); padding: 10px 14px; margin-top: 16px; }
.alert h2 { font-size: 14px; color: var(--fail); }
.alert ul { padding-left: 18px; font-size: 13px; }
td.number { text-align: right; }
.matrix-wrap { overflow-x: auto; margin-top: 14px; }
.matrix { width: auto; table-layout: auto; font-size: 12px; }
.matrix th, .matrix td { padding: 4px 14px 4px 0; white-space: nowrap; }
.matrix thead th { max-width: 150px; overflow: hidden; text-overflow: ellipsis; }
.matrix th[scope=row] { position: sticky; left: 0; background: var(--page); max-width: 46vw; overflow: hidden; text-overflow: ellipsis; }
.signals + .legend { margin-top: 18px; } .maps + .card { margin-top: 22px; } .denial .body p + p { margin-top: 4px; }
figure { margin: 18px 0 0; } figcaption { font-size: 13px; color: var(--quiet); } figcaption b { color: var(--ink); }
.map-wrap { overflow-x: auto; border: 1px solid var(--line); border-radius: 3px; margin-top: 6px; }
.map { display: block; margin: 0 auto; }
.map text { font: 12.5px var(--sans); fill: var(--ink); } .map circle { fill: var(--quiet); }
.map .end { cursor: default; outline: none; } .map .end:focus-visible text { text-decoration: underline; }
.map .edge { fill: none; stroke: var(--quiet); opacity: .6; }
.map .edge.fail { stroke: var(--fail); } .map .edge.unknown { stroke: var(--unknown); stroke-dasharray: 5 3; } .map .edge.none { stroke: var(--quiet); stroke-dasharray: 1 3; }
.map .edge:hover, .map .edge.on { opacity: 1; }
.map.dim .edge:not(.on) { opacity: .08; } .map.dim .end:not(.on) text { fill: var(--quiet); opacity: .4; } .map .end.on text { font-weight: 600; }
.w-half-party { width: 25%; } .w-port { width: 96px; } .w-class { width: 20%; }
footer { margin-top: 44px; border-top: 1px solid var(--line); padding: 16px 0 40px; color: var(--quiet); font-size: 12.5px; }

@media (min-width: 1000px) {
  .card.split .body { grid-template-columns: minmax(0, 1.4fr) minmax(0, 1fr); }
  .card.split.denial .body { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
  .chain .side { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1.4fr); gap: 0 40px; }
}
@media screen and (min-width: 1000px) and (min-height: 600px) { .filter { position: sticky; top: 0; z-index: 2; } }
@media screen and (max-width: 720px) {
  .wide { padding: 0 14px; }
  .answer strong { font-size: 28px; } .answer span { font-size: 15px; }
  .cluster { scroll-margin-top: 8px; }
  .stack thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .stack, .stack tbody, .stack tr, .stack th[scope=row], .stack td { display: block; width: auto !important; }
  .stack tr { border-top: 1px solid var(--line); padding: 8px 0; }
  .stack th[scope=row], .stack td { border: 0; padding: 1px 0; text-align: left; white-space: normal !important; }
  .stack td:empty { display: none; }
  .stack td[data-label]::before { content: attr(data-label) " "; color: var(--quiet); font-size: 12px; }
  .filter input[type=search], .filter select { width: 100%; }
  .filter .field { flex: 1 1 100%; flex-wrap: wrap; gap: 2px; }
  .fleet td[data-label=Kubernetes], .fleet td[data-label="VPC CNI"] { display: none; }
  #shown { text-align: left; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } * { transition: none !important; animation: none !important; } }
@media print {
  body { zoom: .68; }
  .wide { max-width: none; padding: 0; } .matrix-wrap { overflow: visible; } .matrix th, .matrix td { white-space: normal; }
  .filter fieldset, .filter .field, .filter button, .command button, nav, .skip { display: none !important; }
  .filter { background: none; border: 0; }
  #shown { text-align: left; }
  .cluster, .card { content-visibility: visible; }
  .cluster > header, .head { break-after: avoid; }
  tr, pre, figure { break-inside: avoid; } .map-wrap { overflow: visible; } .map { max-width: 100%; height: auto; }
  details::details-content { content-visibility: visible !important; block-size: auto !important; }
  .badge, .bar, pre { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .side a[href]::after { content: " <" attr(href) ">"; }
}
`;
