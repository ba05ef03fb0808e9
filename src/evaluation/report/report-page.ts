import { escapeText, type Plot, svgPlot } from './svg-plot.ts';

const STYLE = `
:root{color-scheme:light dark;--ground:#fbf9f5;--sheet:#fff;--ink:#231f1a;--soft:#6f675c;--rule:#e4ddd2;--s1:#1d6a64;--s2:#b5541c;--s3:#5a4a8a}
@media (prefers-color-scheme:dark){:root{--ground:#15130f;--sheet:#1d1a16;--ink:#eee8dd;--soft:#a0978a;--rule:#39342c;--s1:#5fc2b6;--s2:#e79a5c;--s3:#a99be0}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:1200px;margin:0 auto;padding:48px 24px}h1{font-size:34px;line-height:1.15;margin:0 0 8px;text-wrap:balance}
h2{font-size:22px;margin:48px 0 4px}h3{font-size:15px;margin:0 0 12px;font-weight:600}p{margin:0 0 16px;color:var(--soft);max-width:80ch}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(440px,100%),1fr));gap:20px;margin:20px 0}
figure{margin:0;background:var(--sheet);border:1px solid var(--rule);border-radius:10px;padding:18px;break-inside:avoid}
svg{display:block;width:100%;height:auto}.grid{stroke:var(--rule);fill:none}.tick,.axis{font-size:12px;fill:var(--soft)}.axis{font-size:13px}
.line{fill:none;stroke:var(--c);stroke-width:2.2}.band{fill:var(--c);opacity:.16}.dot{fill:var(--c)}.s1{--c:var(--s1)}.s2{--c:var(--s2)}.s3{--c:var(--s3)}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;background:var(--sheet);border:1px solid var(--rule);border-radius:10px}
th,td{padding:8px 14px;text-align:right;border-top:1px solid var(--rule)}thead th{border-top:0;color:var(--soft);font-weight:600}th:first-child,td:first-child{text-align:left}
.wide{overflow-x:auto}ul{color:var(--soft);max-width:80ch;padding-left:20px}.mark{color:var(--s2)}
@media print{body{background:#fff}main{padding:0}figure,table{border-color:#bbb}}
`;

/** A page that needs nothing but itself, light or dark as the reader has it. */
export const reportPage = (title: string, sections: readonly string[]): string =>
  [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>${escapeText(title)}</title><style>${STYLE}</style></head><body><main>`,
    `<h1>${escapeText(title)}</h1>`,
    ...sections,
    '</main></body></html>\n',
  ].join('\n');

export const figure = (plot: Plot): string =>
  `<figure><h3>${escapeText(plot.title)}</h3>${svgPlot(plot)}</figure>`;

export const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [
    '<div class="wide"><table><thead><tr>',
    ...header.map((cell) => `<th>${cell}</th>`),
    '</tr></thead><tbody>',
    ...rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`),
    '</tbody></table></div>',
  ].join('');
