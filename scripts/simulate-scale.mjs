// From one office to all of Indonesia, on paper: measured figures of one unit, multiplied by assumptions that are inputs.
//   node scripts/simulate-scale.mjs [--set name=value]...   prints the tables for docs/scale-inputs.json, with assumptions changed
//   --refresh   reads the measured figures anew from docs/bench-*.md;   --measure   measures the desk anew on PostgreSQL here
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const inputsFile = join(root, 'docs/scale-inputs.json')

/** Rows of the measured page: heading begins with, row begins with. */
const rows = {
  streamCrl: ['docs/bench-pki.md', 'streaming from a file, 5,000,000 entries', '@cabut/pki readableWebStream, readCrlStream, judgeCrl', 'CPU of judging a streamed CRL of 5,000,000 entries'],
  smallCrl: ['docs/bench-pki.md', 'CRL of 8,120 entries, file to verified answer, warm', '@cabut/pki judgeCrl', 'CPU of judging a small CRL, 8,120 entries: the least a CRL costs'],
  indexEntry: ['docs/bench-pki.md', 'index of 1,000,000 entries', '@cabut/pki build, per entry', 'CPU of indexing one entry'],
  findSerial: ['docs/bench-pki.md', 'index of 1,000,000 entries', '@cabut/pki find of 10,000 serials', 'CPU of one look-up'],
  ocsp: ['docs/bench-pki.md', 'OCSP answer, RSA-2048 (per answer)', '@cabut/pki read + judge, responder known', 'CPU of judging one OCSP answer'],
}
const units = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1 }

function readMeasured() {
  const measured = {}
  for (const [name, [page, heading, row, what]] of Object.entries(rows)) {
    const text = readFileSync(join(root, page), 'utf8')
    const section = text.split(/^### /m).find((part) => part.startsWith(heading))
    const cells = section?.split('\n').find((line) => line.startsWith(`| ${row}`))?.split('|').map((cell) => cell.trim())
    const [, number, unit] = /^([\d.,]+) (ns|us|ms|s)$/.exec(cells?.[2] ?? '') ?? []
    if (number === undefined) throw new Error(`${page}: no row "${row}" below "${heading}"`)
    measured[name] = { what, seconds: Number(number.replaceAll(',', '')) * units[unit], source: page, row: `${heading}: ${row}` }
  }
  const [, megabytes] = /streaming from a file, 5,000,000 entries \(([\d.]+) MB\)/.exec(readFileSync(join(root, 'docs/bench-pki.md'), 'utf8')) ?? []
  measured.crlEntry = { what: 'octets of one CRL entry', octets: Number(megabytes) * 1e6 / 5e6, source: 'docs/bench-pki.md', row: 'size of the CRL of 5,000,000 entries' }
  return measured
}

function readDesk() {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['packages/postgres/bench/scale.mjs', '400'], { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`measuring the desk ended with ${status}: ${stderr}`)
  return deskFrom(JSON.parse(stdout))
}

export function deskFrom(run) {
  const where = `${run.cases} cases, ${run.clients} clients, ${run.machine}, ${run.postgres}, load ${run.load} at the end, ${run.at}`
  return {
    deskCases: { what: 'cases a second through filing and five transitions', perSecond: run.casesPerSecond, source: 'packages/postgres/bench/scale.mjs', row: where },
    deskOctets: { what: 'octets of one case in PostgreSQL, letters of 130 octets', octets: run.octetsPerCase, source: 'packages/postgres/bench/scale.mjs', row: where },
  }
}

/** A mass revocation minute by minute: desk, then AMS, then the next CRL proves what is in it. */
export function drill(a, m) {
  const deskPerMinute = m.deskCases.perSecond * a.machines * 60
  const amsPerMinute = a.amsConcurrency / (a.amsSeconds * a.amsCallsPerCase) * 60
  let [waitingDesk, waitingAms, unproven, proven, deskDone, amsDone, provenAt, peak] = [a.massRevocation, 0, 0, 0, undefined, undefined, undefined, 0]
  const half = { at: undefined }
  for (let minute = 1; minute <= 90 * 1440; minute += 1) {
    const filed = Math.min(waitingDesk, deskPerMinute)
    waitingDesk -= filed
    waitingAms += filed
    const sent = Math.min(waitingAms, amsPerMinute)
    waitingAms -= sent
    unproven += sent
    peak = Math.max(peak, waitingAms)
    if (deskDone === undefined && waitingDesk < 0.5) deskDone = minute
    if (amsDone === undefined && waitingDesk < 0.5 && waitingAms < 0.5) amsDone = minute
    if (minute % (a.crlHours * 60) === 0) { proven += unproven; unproven = 0 }
    if (half.at === undefined && proven >= a.massRevocation / 2) half.at = minute
    if (proven > a.massRevocation - 1) { provenAt = minute; break }
  }
  return { deskHours: deskDone / 60, amsHours: amsDone / 60, halfProvenHours: half.at / 60, provenHours: provenAt / 60, amsQueuePeak: peak, amsConcurrencyNeeded: a.massRevocation * a.amsCallsPerCase * a.amsSeconds / (a.massHours * 3600), machinesNeeded: a.massRevocation / (m.deskCases.perSecond * a.massHours * 3600) }
}

/** The steady state of so many certificates. */
export function steady(a, m, certificates) {
  const aYear = certificates * a.revokedShareAYear
  const perHour = aYear / (a.workingDaysAYear * a.workingHoursADay)
  const entries = aYear * a.listedYears
  const crlOctets = entries * m.crlEntry.octets
  return { aYear, perHour, peakPerSecond: perHour * a.peak / 3600, deskShare: perHour * a.peak / 3600 / m.deskCases.perSecond, amsConcurrency: perHour * a.peak / 3600 * a.amsCallsPerCase * a.amsSeconds, entries, crlOctets, partitionOctets: crlOctets / a.crlPartitions, judgeSeconds: Math.max(m.smallCrl.seconds, entries / 5e6 * m.streamCrl.seconds), databaseOctetsAYear: aYear * m.deskOctets.octets }
}

const round = (value, digits = 1) => value >= 1000 ? Math.round(value).toLocaleString('en') : Number(value.toPrecision(digits + 1)).toString()
const size = (octets) => octets >= 1e9 ? `${round(octets / 1e9)} GB` : octets >= 1e6 ? `${round(octets / 1e6)} MB` : `${round(octets / 1e3)} kB`
const time = (seconds) => seconds >= 1 ? `${round(seconds)} s` : seconds >= 1e-3 ? `${round(seconds * 1e3)} ms` : seconds >= 1e-6 ? `${round(seconds * 1e6, 2)} us` : `${round(seconds * 1e9, 2)} ns`

/** The tables of the page. */
export function tables({ assumptions, measured: m }, language) {
  const a = Object.fromEntries(Object.entries(assumptions).map(([name, { value }]) => [name, value]))
  const say = (id, en) => language === 'id' ? id : en
  const scopes = [[say('satu kantor', 'one office'), a.certificates / a.offices], [say('satu provinsi (15 kantor)', 'one province (15 offices)'), a.certificates / a.offices * 15], [say('seluruh Indonesia', 'all of Indonesia'), a.certificates]].map(([name, certificates]) => [name, certificates, steady(a, m, certificates)])
  const row = (label, of) => `| ${label} | ${scopes.map(([, certificates, s]) => of(s, certificates)).join(' | ')} |`
  const all = scopes[2][2]
  const d = drill(a, m)
  const massCrl = (all.entries + a.massRevocation) * m.crlEntry.octets
  const fetched = (octets) => octets * a.verifiers * (24 / a.crlHours) * 30
  const cost = (octets) => [['Rp', a.machines * 2 * 24 * 30 * a.rupiahPerCoreHour], ['Rp', all.databaseOctetsAYear / 1e9 * a.rupiahPerGigabyteMonth], ['Rp', fetched(octets) * (1 - a.edgeHitRatio) / 1e9 * a.rupiahPerGigabyteOut]].map(([unit, value]) => `${unit} ${round(value)}`)
  const costs = cost(all.partitionOctets)
  return [
    `### ${say('Yang diukur', 'Measured')}`, '', `| ${say('apa', 'what')} | ${say('nilai', 'value')} | ${say('sumber', 'source')} |`, '|---|---|---|',
    ...Object.values(m).map((one) => `| ${one.what} | ${one.perSecond !== undefined ? `${round(one.perSecond)} /s` : one.octets !== undefined ? size(one.octets).replace(/^([\d.]+) kB$/, (whole) => one.octets < 1000 ? `${round(one.octets)} B` : whole) : time(one.seconds)} | \`${one.source}\`, ${one.row.replaceAll('|', '/')} |`), '',
    `### ${say('Yang diandaikan', 'Assumed')}`, '', `| \`--set\` | ${say('nilai', 'value')} | ${say('mengapa', 'why')} |`, '|---|---|---|',
    ...Object.entries(assumptions).map(([name, { value, unit, why }]) => `| \`${name}\` | ${value.toLocaleString('en')} ${unit} | ${why[language]} |`), '',
    `### ${say('Keadaan sehari-hari', 'Every day')}`, '', `| | ${scopes.map(([name]) => name).join(' | ')} |`, '|---|---|---|---|',
    row(say('sertifikat', 'certificates'), (s, certificates) => round(certificates)), row(say('pencabutan setahun', 'revocations a year'), (s) => round(s.aYear)), row(say('pada jam tersibuk, per detik', 'in the busiest hour, per second'), (s) => round(s.peakPerSecond)),
    row(say('bagian dari satu mesin yang diukur', 'share of one measured machine'), (s) => `${round(s.deskShare * 100)} %`), row(say('panggilan AMS serentak', 'AMS calls at once'), (s) => round(s.amsConcurrency)),
    row(say('entri CRL', 'CRL entries'), (s) => round(s.entries)), row(say('CRL utuh', 'the whole CRL'), (s) => size(s.crlOctets)), row(say(`satu dari ${a.crlPartitions} bagian`, `one of ${a.crlPartitions} partitions`), (s) => size(s.partitionOctets)),
    row(say('CPU menilai CRL utuh, sekali per terbitan', 'CPU of judging the whole CRL, once an issue'), (s) => time(s.judgeSeconds)), row(say('basis data setahun', 'database a year'), (s) => size(s.databaseOctetsAYear)), '',
    `### ${say(`Pencabutan massal: ${a.massRevocation.toLocaleString('en')} dalam ${a.massHours} jam`, `Mass revocation: ${a.massRevocation.toLocaleString('en')} within ${a.massHours} hours`)}`, '', '| | |', '|---|---|',
    `| ${say(`meja selesai, ${a.machines} mesin`, `the desk is done, ${a.machines} machines`)} | ${round(d.deskHours)} h |`, `| ${say(`AMS selesai, ${a.amsConcurrency} panggilan serentak`, `AMS is done, ${a.amsConcurrency} calls at once`)} | ${round(d.amsHours)} h |`,
    `| ${say('antrean terpanjang di depan AMS', 'longest queue before AMS')} | ${round(d.amsQueuePeak)} |`, `| ${say('separuhnya terbukti', 'half of them proven')} | ${round(d.halfProvenHours)} h |`, `| ${say('semuanya terbukti', 'all of them proven')} | ${round(d.provenHours)} h |`,
    `| ${say(`panggilan AMS serentak yang perlu untuk ${a.massHours} jam`, `AMS calls at once needed for ${a.massHours} hours`)} | ${round(d.amsConcurrencyNeeded)} |`, `| ${say(`mesin yang perlu untuk ${a.massHours} jam`, `machines needed for ${a.massHours} hours`)} | ${round(d.machinesNeeded)} |`,
    `| ${say('CRL utuh sesudahnya', 'the whole CRL afterwards')} | ${size(massCrl)} |`, `| ${say('satu bagian sesudahnya', 'one partition afterwards')} | ${size(massCrl / a.crlPartitions)} |`, `| ${say('mencari semuanya dalam satu CRL: indeks dan pencarian', 'finding all of them in one CRL: index and look-ups')} | ${time((all.entries + a.massRevocation) * m.indexEntry.seconds + a.massRevocation * m.findSerial.seconds)} CPU |`, `| ${say('menilai satu jawaban OCSP untuk masing-masing, sebagai gantinya', 'judging one OCSP answer for each instead')} | ${time(a.massRevocation * m.ocsp.seconds)} CPU |`, '',
    `### ${say('Lalu lintas dan biaya sebulan', 'Traffic and cost a month')}`, '', '| | |', '|---|---|',
    `| ${say(`${a.verifiers.toLocaleString('en')} mesin, CRL utuh, tanpa perantara`, `${a.verifiers.toLocaleString('en')} machines, the whole CRL, no caches`)} | ${size(fetched(all.crlOctets))} |`, `| ${say('masing-masing satu bagian', 'one partition each')} | ${size(fetched(all.partitionOctets))} |`,
    `| ${say(`yang sampai ke CA, ${a.edgeHitRatio * 100} % dijawab perantara`, `what reaches the authority, ${a.edgeHitRatio * 100} % answered by caches`)} | ${size(fetched(all.partitionOctets) * (1 - a.edgeHitRatio))} |`,
    `| ${say(`${a.machines} mesin, dua inti`, `${a.machines} machines of two cores`)} | ${costs[0]} |`, `| ${say('basis data sesudah satu tahun', 'database after one year')} | ${costs[1]} |`, `| ${say('lalu lintas dari CA', "the authority's traffic")} | ${costs[2]} |`,
  ].join('\n')
}

export function readInputs() {
  return JSON.parse(readFileSync(inputsFile, 'utf8'))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const inputs = readInputs()
  if (process.argv.includes('--refresh') || process.argv.includes('--measure')) {
    const { deskCases, deskOctets } = inputs.measured
    inputs.measured = { ...(process.argv.includes('--measure') ? readDesk() : { deskCases, deskOctets }), ...readMeasured() }
    const compact = (part) => `{\n${Object.entries(part).map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(',\n')}\n  }`
    writeFileSync(inputsFile, `{\n  "assumptions": ${compact(inputs.assumptions)},\n  "measured": ${compact(inputs.measured)}\n}\n`)
  }
  process.argv.forEach((word, index) => {
    if (word !== '--set') return
    const [name, value] = (process.argv[index + 1] ?? '').split('=')
    if (inputs.assumptions[name] === undefined || !Number.isFinite(Number(value))) {
      console.error(`simulate-scale: --set NAME=NUMBER, with one of ${Object.keys(inputs.assumptions).join(', ')}`)
      process.exit(2)
    }
    inputs.assumptions[name].value = Number(value)
  })
  console.log(tables(inputs, 'en'))
}
