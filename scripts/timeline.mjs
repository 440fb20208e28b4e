// Draws docs/timeline.svg from the receipt that `npm run demo` wrote (.cache/demo/kabupaten-purbalingga): what happened, when, by whom.
// `--check` compares instead: the same acts in the same order, at the same minutes but for two.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const folder = join(root, '.cache/demo/kabupaten-purbalingga')
if (!existsSync(join(folder, 'history.jsonl'))) {
  console.error('timeline: no receipt of the demo; run `npm run demo` first')
  process.exit(1)
}
const events = readFileSync(join(folder, 'history.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line))
const { proof } = JSON.parse(readFileSync(join(folder, 'receipt.json'), 'utf8'))
const minute = (time) => new Date(Date.parse(time) + 7 * 3_600_000).toISOString().slice(11, 16).replace(':', '.')
const find = (type, fits = () => true) => events.find((event) => event.type === type && fits(event.data))
const need = (event, what) => {
  if (event === undefined) throw new Error(`timeline: the demo's history has no ${what}`)
  return event
}
const word = need(find('amsAnswered', ({ record }) => record?.rawStatus === 'REVOKED'), 'word of AMS')
const unknown = find('amsAnswered', ({ outcome }) => outcome === 'unknown')
const steps = [
  [need(find('submitted'), 'filing'), 'Surat diajukan', 'Letter filed', 'OPD'],
  [need(find('disposed'), 'disposition'), 'Disposisi', 'Disposed', 'Kepala Dinas'],
  [need(find('approved'), 'approval'), 'Disetujui', 'Approved', 'Verifikator'],
  [need(find('amsAnswered', ({ operation, outcome }) => operation === 'file' && outcome === 'accepted'), 'filing in AMS'), 'Diajukan di AMS', 'Filed in AMS', unknown === undefined ? 'Sistem' : 'dibaca, tak diulang'],
  [word, 'AMS: dicabut', 'AMS says revoked', 'BSrE'],
  [need(find('proven'), 'proof'), 'TERBUKTI', 'PROVEN', proof.source.toUpperCase()],
].map(([event, id, en, who]) => ({ at: Date.parse(event.time), time: minute(event.time), id, en, who }))

const [left, right, axis] = [88, 886, 92]
// Even steps: by the true scale of time three labels would lie upon each other; the times are printed.
const x = (index) => Math.round(left + (right - left) * index / (steps.length - 1))
const text = (at, y, kind, content, anchor = 'middle') => `  <text x="${at}" y="${y}" class="${kind}" text-anchor="${anchor}">${content}</text>`
const span = (from, to, y, kind, label) => `  <path d="M${from} ${y}H${to}" class="${kind}"/>\n${text((from + to) / 2, y + 18, `small ${kind}-text`, label)}`
const minutes = (from, to) => Math.round((to.at - from.at) / 60_000)
const lines = [
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 214" role="img" font-family="system-ui, -apple-system, \'Segoe UI\', sans-serif">',
  `  <title>Kabupaten Purbalingga: ${steps.map(({ id, time }) => `${id} ${time}`).join(', ')} (WIB)</title>`,
  '  <style>',
  '    .back { fill: #fff; stroke: #d5dce3 } .line { stroke: #9fb0c0; stroke-width: 3; fill: none } .wait { stroke: #b7791f; stroke-width: 3; stroke-dasharray: 3 6; fill: none }',
  '    .dot { fill: #0b4f8a } .word { fill: #fff; stroke: #b7791f; stroke-width: 3 } .proof { fill: #197a3e }',
  '    .label { font-size: 15px; font-weight: 600; fill: #16202a } .en, .small { font-size: 12px; fill: #5b6b7a } .time { font-size: 13px; fill: #16202a; font-variant-numeric: tabular-nums }',
  '    .clock { stroke: #0b4f8a; stroke-width: 3; fill: none } .clock-text { fill: #0b4f8a } .until { stroke: #b7791f; stroke-width: 3; fill: none } .until-text { fill: #8a5a12 } .tick { fill: none; stroke: #fff; stroke-width: 2.4 }',
  '    @media (prefers-color-scheme: dark) { .back { fill: #16202a; stroke: #33424f } .label, .time { fill: #eef3f7 } .en, .small { fill: #a9b8c5 } .dot { fill: #8cc4f5 } .word { fill: #16202a } .proof { fill: #3fa867 } .line { stroke: #5b6b7a } .clock { stroke: #8cc4f5 } .clock-text { fill: #8cc4f5 } .until-text { fill: #e0b568 } }',
  '  </style>',
  '  <rect class="back" x="0.5" y="0.5" width="959" height="213" rx="10"/>',
  `  <path class="line" d="M${x(0)} ${axis}H${x(4)}"/>`,
  `  <path class="wait" d="M${x(4)} ${axis}H${x(5)}"/>`,
]
for (const [index, { time, id, en, who }] of steps.entries()) {
  const at = x(index)
  lines.push(text(at, 34, 'label', id), text(at, 52, 'en', en))
  if (index === 5) lines.push(`  <circle class="proof" cx="${at}" cy="${axis}" r="13"/>`, `  <path class="tick" d="M${at - 6} ${axis}l4 5 8-9"/>`)
  else lines.push(`  <circle class="${index === 4 ? 'word' : 'dot'}" cx="${at}" cy="${axis}" r="8"/>`)
  lines.push(text(at, 126, 'time', `${time} WIB`), text(at, 144, 'small', who))
}
lines.push(span(x(0), x(4), 166, 'clock', `jam layanan / service clock: ${minutes(steps[0], steps[4])} dari 170 menit kerja`), span(x(4) + 6, x(5), 166, 'until', `waktu menuju bukti: ${minutes(steps[4], steps[5])} menit`), '</svg>', '')

const file = join(root, 'docs/timeline.svg')
const drawn = lines.join('\n')
/** What a picture says: the acts in their order, and the minute of each. */
const said = (svg) => ({ acts: [...svg.matchAll(/class="label"[^>]*>([^<]+)/g)].map(([, act]) => act), minutes: [...svg.matchAll(/(\d\d)\.(\d\d) WIB</g)].map(([, hour, minute]) => Number(hour) * 60 + Number(minute)) })
if (process.argv.includes('--check')) {
  const [kept, fresh] = [said(existsSync(file) ? readFileSync(file, 'utf8') : ''), said(drawn)]
  // The demo moves its own clock; a busy machine may add a minute.
  const same = kept.acts.join() === fresh.acts.join() && kept.minutes.length === fresh.minutes.length && kept.minutes.every((minute, index) => Math.abs(minute - fresh.minutes[index]) <= 2)
  console.log(same ? 'timeline: docs/timeline.svg shows what the demo did' : 'timeline: docs/timeline.svg is not what the demo did; run node scripts/timeline.mjs')
  process.exitCode = same ? 0 : 1
} else {
  writeFileSync(file, drawn)
  console.log(`timeline: docs/timeline.svg: ${steps.map(({ id, time }) => `${id} ${time}`).join(', ')}`)
}
