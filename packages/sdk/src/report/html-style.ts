/** The page's only style sheet: one column; a table too wide for a telephone scrolls inside its own frame, with its first column in place. */
export const style: string = `:root{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:#1a1a1a;background:#fff}
*{box-sizing:border-box}body{margin:0}main{max-width:66rem;margin:auto;padding:1rem}
header{border-bottom:3px solid #1f5fa8;margin-bottom:1.25rem}header p{margin:.25rem 0}h1{font-size:1.5rem;line-height:1.25;margin:.25rem 0 .5rem}
h2{font-size:1.15rem;margin:2.25rem 0 .5rem}
.figures{display:grid;grid-template-columns:repeat(3,1fr);gap:.75rem;margin:0}.figures div{display:flex;flex-direction:column-reverse;justify-content:flex-end;border:1px solid #c8ccd0;border-radius:.4rem;padding:.6rem .75rem}
.figures dt{font-size:.85rem;color:#4a4a4a}.figures dd{margin:0;font-size:1.3rem;font-weight:600;line-height:1.3}
figure{margin:0 0 1rem}figcaption{font-size:.85rem;color:#4a4a4a}figure svg{display:block;max-width:100%;height:auto}.narrow{display:none}
.key{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:.25rem 0 .5rem;padding:0;font-size:.85rem}.key i{display:inline-block;width:.8rem;height:.8rem;margin-right:.4rem;border-radius:2px;vertical-align:-1px}
.scroll{overflow-x:auto;border:1px solid #d9dde1;border-radius:.4rem}table{border-collapse:collapse;width:100%;font-size:.8rem;font-variant-numeric:tabular-nums}
th,td{border-bottom:1px solid #e3e6e9;padding:.35rem .4rem;text-align:right;font-weight:400}tbody tr:last-child>*{border-bottom:0}
thead th{background:#eef2f6;font-weight:600;vertical-align:bottom;line-height:1.25}th:first-child{text-align:left;position:sticky;left:0;background:#fff;min-width:12rem}thead th:first-child{background:#eef2f6}
.late{columns:15rem;font-size:.85rem;padding-left:1.1rem;margin:.5rem 0}
footer{break-inside:avoid;margin-top:2rem;border-top:1px solid #c8ccd0;font-size:.75rem;color:#4a4a4a;overflow-wrap:anywhere}
@media screen and (max-width:40rem){.figures{grid-template-columns:1fr 1fr}.figures dd{font-size:1.1rem}.wide{display:none}.narrow{display:block}h1{font-size:1.3rem}th:first-child{min-width:7rem;max-width:8rem}thead th:not(:first-child){min-width:4.6rem}}
@media print{@page{size:A4;margin:15mm}:root{font-size:11pt}main{max-width:none;padding:0}.scroll{overflow:visible;border:0}table{font-size:7.5pt}th,td{padding:.15rem .25rem}th:first-child{min-width:8.5rem}.late{font-size:8pt}
h2,section>p{break-after:avoid}figure,.figures,tr{break-inside:avoid}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}`
