/** The page's style: light, dark, paper and phone. No selector reaches outside, and nothing is loaded. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--paper:#fff;--text:#1f2933;--soft:#5b6672;--line:#d9dee4;--fill:#f5f7f9;--accent:#0b5cad;--warn:#8a4b00;--warnfill:#fff6e6}
@media screen and (prefers-color-scheme:dark){:root{--paper:#14181d;--text:#dfe5ec;--soft:#9aa5b1;--line:#2f3740;--fill:#1c2127;--accent:#7db8f0;--warn:#f0c37d;--warnfill:#2a2215}}
*{box-sizing:border-box}
html{background:var(--paper);color:var(--text);font:16px/1.55 Inter,system-ui,-apple-system,'Segoe UI','Helvetica Neue',Arial,sans-serif;-webkit-text-size-adjust:100%}
body{margin:0}
main{max-width:64rem;margin:0 auto;padding:2.5rem 1.5rem 4rem}
h1{font-size:1.75rem;line-height:1.25;font-weight:650;letter-spacing:-.015em;margin:0 0 1rem;overflow-wrap:anywhere}
h2{font-size:1.15rem;font-weight:650;margin:2.75rem 0 .75rem}
p,ul{margin:.75rem 0}
p{max-width:46rem}
li,dd,p{overflow-wrap:anywhere}
td,th{overflow-wrap:break-word}
a{color:var(--accent);text-underline-offset:.15em}
code{font:.875em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
dl,dd{margin:0}
.facts{display:flex;flex-wrap:wrap;gap:.5rem 2rem;font-size:.875rem}
.facts dt{color:var(--soft)}
.facts dd{font-variant-numeric:tabular-nums;font-weight:550}
.banner{max-width:none;border-left:3px solid var(--accent);background:var(--fill);padding:.7rem 1rem;font-size:.925rem}
.banner.warning{border-color:var(--warn);background:var(--warnfill);color:var(--warn)}
.scroller{overflow-x:auto}
.scroller+.scroller,section p+.scroller{margin-top:1.5rem}
.scroller:focus-visible,button:focus-visible,a:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);font-size:.875rem;padding:0 0 .6rem;caption-side:top}
th,td{padding:.45rem .75rem;text-align:right;border-bottom:1px solid var(--line);vertical-align:top;font-weight:400}
thead th{border-bottom:2px solid var(--line);vertical-align:bottom;font-weight:600;line-height:1.3}
tbody th{color:var(--soft)}
td,.results tbody th{white-space:nowrap}
.word,.words th,.words td{text-align:left;white-space:normal}
.words th{width:14rem}
.words td{color:var(--text)}
.results tbody tr:hover{background:var(--fill)}
.results .speedup{font-weight:600}
.missing{color:var(--soft)}
.spread{display:block;font-size:.86em;color:var(--soft);line-height:1.35}
thead button{font:inherit;color:inherit;background:none;border:0;padding:0;margin:0;text-align:right;cursor:pointer;position:relative;max-width:10.5rem}
thead button:hover{color:var(--accent)}
.arrow{position:absolute;right:-.75em;bottom:0;width:.65em;overflow:hidden;text-align:center;font-size:.9em;color:var(--accent)}
[aria-sort=ascending] .arrow::after{content:'\\2191'}
[aria-sort=descending] .arrow::after{content:'\\2193'}
[aria-sort=none] .arrow::after{content:'\\2195';color:var(--line)}
.tag{display:inline-block;font-size:.7rem;font-weight:500;line-height:1.5;color:var(--soft);border:1px solid var(--line);border-radius:.6rem;padding:0 .45rem;white-space:nowrap}
.tag.hps{color:var(--accent);border-color:currentColor}
.tag.warn{color:var(--warn);border-color:currentColor;background:var(--warnfill)}
thead .tag{display:block;width:fit-content;margin:.25rem 0 0 auto}
.footnotes{font-size:.875rem;color:var(--soft);padding-left:1.1rem}
.variants{display:grid;grid-template-columns:repeat(auto-fit,minmax(14rem,1fr));gap:.75rem 1.5rem;margin-top:1.25rem;font-size:.875rem}
.variants dt{font-weight:600}
.variants dd{color:var(--soft)}
figure{margin:2.5rem 0 1rem}
.hps-figure{display:block;width:100%;min-width:38rem;max-width:52rem;height:auto;margin:0 auto}
figcaption{text-align:center;color:var(--soft);font-size:.9rem;margin-top:.25rem}
details{border-top:1px solid var(--line);padding:.6rem 0}
section+details{margin-top:1.5rem}
details+details{margin-top:0}
details+section{border-top:1px solid var(--line)}
summary{cursor:pointer;font-weight:600;font-size:.95rem}
details .scroller{margin-top:.75rem}
.files{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.4rem 1.5rem;font-size:.9rem}
@media (max-width:40rem){caption span{display:block;position:sticky;left:0;max-width:calc(100vw - 2rem)}main{padding:1.5rem 1rem 3rem}h1{font-size:1.4rem}th,td{padding:.4rem .75rem .4rem .4rem}.results thead th{min-width:5.5rem}.words th{width:auto}}
@media print{
html{font-size:10.5pt}
main{max-width:none;padding:0}
.arrow,nav{display:none}
.scroller{overflow:visible}
.hps-figure{min-width:0}
figure,tr,.banner,.words{break-inside:avoid}
h2,caption,summary{break-after:avoid}
caption{break-inside:avoid}
h2{margin-top:1.5rem}
table{font-size:.72rem}
caption{font-size:.8rem}
th,td{padding:.2rem .3rem}
thead button{color:inherit}
details::details-content{content-visibility:visible;block-size:auto}
}
`;
