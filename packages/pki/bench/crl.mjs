// CRLs: from the file to a verified answer for one serial number; memory; the index. Each reader in a process of its own where memory counts.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { judgeCrl, readCertificate, readCrl, verifyCrl } from '../dist/index.js'
import { authority, crlFile } from './make-crl.mjs'
import { format, measure, median, processTime, rowOf, share, times } from './measure.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const folder = join(tmpdir(), 'cabut-bench')
const at = new Date('2026-06-01T00:00:00Z')

/** Not blocking: the server of the download rows lives in this process. */
function child(mode, file, ...rest) {
  return new Promise((resolve) => {
    const worker = spawn(process.execPath, [join(here, 'crl-child.mjs'), mode, file, folder, ...rest])
    let out = ''
    let error = ''
    worker.stdout.on('data', (chunk) => { out += chunk })
    worker.stderr.on('data', (chunk) => { error += chunk })
    worker.on('close', (status) => resolve(status === 0 ? JSON.parse(out) : { failed: error.split('\n').find((line) => /Error/.test(line)) ?? `exit ${status}` }))
  })
}

/** Once more when somebody ended it; a peer that fails, fails twice. */
async function patiently(...given) {
  const run = await child(...given)
  return run.failed === undefined ? run : child(...given)
}

/** `which`: the first answer of a fresh process, or the median of seven in it. */
async function processes(title, file, modes, rounds, which, ...rest) {
  const samples = new Map(modes.map(([mode]) => [mode, []]))
  const repeat = which === 'warm' ? ['--repeat'] : []
  for (let round = 0; round < rounds; round++) for (const [mode, , slow] of modes) if (!slow || round === 0) samples.get(mode).push(await patiently(mode, file, ...rest, ...repeat))
  const rows = modes.map(([mode, name]) => {
    const runs = samples.get(mode).filter((run) => run.failed === undefined)
    if (runs.length === 0) return { name, value: 'failed', note: samples.get(mode)[0].failed }
    const megabytes = median(runs.map((run) => run.rss - run.start)) / 1e6
    return { name, megabytes, ns: median(runs.map((run) => run[which].cpu)), wall: median(runs.map((run) => run[which].wall)), least: Math.min(...runs.map((run) => run[which].cpu)), most: Math.max(...runs.map((run) => run[which].cpu)), note: `+${megabytes.toFixed(0)} MB over the importing process`, rounds: runs.length }
  })
  return { title, unit: `${(statSync(file).size / 1e6).toFixed(1)} MB`, rows }
}

export async function run({ full }) {
  const million = crlFile(folder, 1_000_000)
  const hundred = crlFile(folder, 100_000)
  const eight = crlFile(folder, 8_120)
  return [
    await fileToAnswer(million), ...await coldAnswers(million, hundred, full), wholeProcesses(million),
    ...await streams(1_000_000), ...await streams(5_000_000), await inMemory(million), await index(million), ...await small(eight),
  ]
}

async function fileToAnswer(million) {
  const group = await processes('CRL of 1,000,000 entries, file to verified answer', million, [
    ['sha256-memory', 'limit: SHA-256 of the octets in memory'], ['sha256', 'limit: readFileSync + SHA-256'], ['sha256-reused', 'limit: reading into reused memory + SHA-256'], ['read-file', 'limit: FileHandle alone, one memory'],
    ['ours', '@cabut/pki readFileSync + judgeCrl'], ['ours-file', '@cabut/pki FileHandle + readCrlStream + judgeCrl'], ['ours-bytes', '@cabut/pki readableWebStream + readCrlStream + judgeCrl'], ['ours-reused', '@cabut/pki into reused memory'],
  ], 5, 'warm', '-')
  const [bare, fresh, intoReused, reading, ours, ahead, streamed, reused] = group.rows
  const of = (part) => (part.ns / bare.ns).toFixed(2)
  const size = statSync(million).size / 1e6
  const parts = `in SHA-256s: the SHA-256 1.00, reading by the FileHandle alone ${of(reading)}, everything of ours ${((ahead.ns - reading.ns - bare.ns) / bare.ns).toFixed(2)}`
  group.targets = [
    { what: 'CRL of 1 M entries, FileHandle to verified answer: times the bare SHA-256 of the octets', limit: 2.6, value: times(bare, ahead), why: parts },
    { what: 'the same from readFileSync', limit: 2.6, value: times(bare, ours),
      why: `in SHA-256s: the SHA-256 1.00, reading the file into new memory ${((fresh.ns - bare.ns) / bare.ns).toFixed(2)} (readFileSync + SHA-256 alone take ${of(fresh)}), everything of ours ${((ours.ns - fresh.ns) / bare.ns).toFixed(2)}` },
    { what: 'the same by readableWebStream, one memory of 256 kB', limit: 2.6, value: times(bare, streamed), why: 'the reading alone and the SHA-256 alone are rows of the streaming group below' },
    { what: 'FileHandle: two memories in turn, hashed while the other is read', limit: 1.5, stretch: true, value: times(bare, ahead), why: `${parts}; CPU time of all threads, which does not show that they overlap` },
    { what: 'into one reused memory of the whole file', limit: 1.5, stretch: true, value: times(bare, reused),
      why: `reading into reused memory + SHA-256 alone take ${of(intoReused)}; everything of ours ${((reused.ns - intoReused.ns) / bare.ns).toFixed(2)}` },
    { what: 'peak RSS above the importing process and the file, seven answers one after another, MB', limit: 70, value: ours.megabytes - size,
      why: `readFileSync + SHA-256 alone, seven times, stand at ${(fresh.megabytes - size).toFixed(0)} MB: files of former rounds that the collector has not yet freed` },
  ]
  return group
}

async function coldAnswers(million, hundred, full) {
  const slow = [['peculiar-x509', '@peculiar/x509', true], ['pkijs', 'pkijs', true], ['jsrsasign', 'jsrsasign', true]]
  const large = await processes('the same, one cold answer in a fresh process', million, [['ours', '@cabut/pki judgeCrl'], ...(full ? slow : [])], 5, 'first')
  const smaller = await processes('CRL of 100,000 entries, one cold answer in a fresh process', hundred, [['ours', '@cabut/pki judgeCrl'], ['sha256', 'limit: SHA-256'], ...slow], 3, 'first')
  large.targets = [
    { what: 'peak RSS above the importing process and the file, one answer in a fresh process, MB', limit: 70, value: large.rows[0].megabytes - statSync(million).size / 1e6 },
    { what: 'CRL of 1 M entries: @peculiar/x509 takes that many times ours', limit: 1000, least: true, value: full ? times(large.rows[0], rowOf(large, '@peculiar')) : undefined,
      why: 'both cold in a fresh process, where compiling counts for us' },
  ]
  if (!full) smaller.note = `@peculiar/x509 takes ${times(smaller.rows[0], rowOf(smaller, '@peculiar')).toFixed(0)} times ours here. No number to reach: the 1,000 x is meant for 1,000,000 entries (\`--full\`).`
  return [large, smaller]
}

function wholeProcesses(file) {
  const time = (command, args) => {
    const samples = Array.from({ length: 9 }, () => processTime(command, args)).filter((time) => time !== undefined)
    return samples.length === 0 ? undefined : { ns: median(samples.map((one) => one.cpu)), wall: median(samples.map((one) => one.wall)) }
  }
  const ours = time(process.execPath, [join(here, 'crl-child.mjs'), 'ours-file', file, folder]) ?? { value: 'failed' }
  const theirs = time('openssl', ['crl', '-inform', 'DER', '-in', file, '-noout'])
  const idle = time(process.execPath, [join(here, 'crl-child.mjs'), 'nothing', file, folder]) ?? { value: 'failed' }
  const node = time(process.execPath, ['-e', '0']) ?? { value: 'failed' }
  const rows = [
    { name: '@cabut/pki, whole process with Node\'s start', ...ours }, { name: 'limit: Node starts and ends', ...node }, { name: 'limit: Node, the bench\'s script and @cabut/pki imported, nothing asked', ...idle },
    { name: 'openssl crl -noout (reads, verifies nothing)', ...(theirs ?? { value: 'absent' }) },
  ]
  const targets = [{
    what: '`openssl crl` of 1 M entries takes that many times our whole process', limit: 7, least: true, value: times(rows[0], rows[3]),
    why: `of our ${format(ours.ns)}, starting and ending Node takes ${share(node.ns, ours.ns)}, loading @cabut/pki and the bench's script ${share(idle.ns - node.ns, ours.ns)}; \`openssl crl\` only reads here, it verifies nothing`,
  }]
  return { title: 'CRL of 1,000,000 entries, whole processes', unit: 'per process', rows, targets }
}

async function streams(count) {
  const file = crlFile(folder, count)
  const size = count.toLocaleString('en')
  const local = await processes(`streaming from a file, ${size} entries`, file, [
    ['sha256-memory', 'limit: SHA-256 of the octets in memory'], ['read-file', 'limit: FileHandle alone, one memory'], ['read-bytes', 'limit: readableWebStream alone, one memory'], ['read-stream', 'limit: createReadStream alone'],
    ['ours-file', '@cabut/pki FileHandle, readCrlStream, judgeCrl'], ['ours-bytes', '@cabut/pki readableWebStream, readCrlStream, judgeCrl'], ['ours-stream', '@cabut/pki createReadStream, readCrlStream, judgeCrl'],
    ['ours-bytes-digest', '@cabut/pki readableWebStream, with the digest of the file'],
  ], 5, 'warm', '-')
  const [hash, readingAhead, readingBytes, readingPieces, ahead, bytes, pieces] = local.rows
  const beyond = (row, base) => (row.ns === undefined ? undefined : (row.ns - base.ns) / hash.ns)
  const parts = (row, base) => `of ${format(row.ns)}, reading alone takes ${share(base.ns, row.ns)} and the SHA-256 ${share(hash.ns, row.ns)}`
  local.targets = [
    { what: `streaming ${size} entries from a file by FileHandle: SHA-256s beyond the reading`, limit: 1.8, value: beyond(ahead, readingAhead), why: parts(ahead, readingAhead) },
    { what: 'the same, beside the stretch number', limit: 1.3, stretch: true, value: beyond(ahead, readingAhead), why: parts(ahead, readingAhead) },
    { what: `RSS above the importing process, ${size} entries by FileHandle, MB`, limit: 24, value: ahead.megabytes, why: `the FileHandle alone stands at ${readingAhead.megabytes.toFixed(0)} MB` },
    { what: `streaming ${size} entries from a file by readableWebStream: SHA-256s beyond the reading`, limit: 1.8, value: beyond(bytes, readingBytes), why: parts(bytes, readingBytes) },
    { what: 'the same, beside the stretch number', limit: 1.3, stretch: true, value: beyond(bytes, readingBytes), why: parts(bytes, readingBytes) },
    { what: `streaming ${size} entries from a file by createReadStream: SHA-256s beyond the reading`, limit: 1.8, value: beyond(pieces, readingPieces), why: parts(pieces, readingPieces) },
    { what: `RSS above the importing process, ${size} entries by readableWebStream, MB`, limit: 24, value: bytes.megabytes, why: `readableWebStream alone stands at ${readingBytes.megabytes.toFixed(0)} MB` },
    { what: `RSS above the importing process, ${size} entries by createReadStream, MB`, limit: 24, value: pieces.megabytes, why: `createReadStream alone, nothing of ours, stands at ${readingPieces.megabytes.toFixed(0)} MB: it gives each piece new memory, which waits for the collector` },
  ]
  const server = createServer((request, response) => (request.url === '/' ? createReadStream(file, { highWaterMark: 1 << 18 }).pipe(response) : response.end()))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${server.address().port}/`
  const remote = await processes(`streaming from fetch on loopback, ${size} entries`, file, [
    ['download', 'limit: the download alone'], ['download-nothing', 'limit: fetching nothing'], ['ours-fetch', '@cabut/pki readCrlStream + judgeCrl'],
  ], 7, 'first', address)
  server.close()
  const [download, nothing, fetched] = remote.rows
  remote.targets = [
    { what: `streaming ${size} entries from fetch: SHA-256s beyond the download`, limit: 1.8, value: beyond(fetched, download),
      why: `one cold run in each of ${fetched.rounds} processes; the downloads alone took ${format(download.least)} to ${format(download.most)}, ours ${format(fetched.least)} to ${format(fetched.most)}, and a SHA-256 takes ${format(hash.ns)}` },
    { what: `RSS above the importing process, ${size} entries from fetch, MB`, limit: 60, value: fetched.megabytes,
      why: `the download alone, nothing of ours, stands at ${download.megabytes.toFixed(0)} MB, fetching an empty answer at ${nothing.megabytes.toFixed(0)} MB` },
  ]
  return [local, remote]
}

async function inMemory(file) {
  const { ca, leaf } = authority(folder)
  const issuer = readCertificate(ca)
  const certificate = readCertificate(leaf)
  const bytes = readFileSync(file)
  const group = await measure('CRL of 1,000,000 entries in memory', 'per answer', [
    { name: 'limit: SHA-256 of the octets', ops: 1, run: () => createHash('sha256').update(bytes).digest() },
    { name: '@cabut/pki readCrl + verify + find', ops: 1, run: async () => {
      const crl = readCrl(bytes, { serials: [certificate.serial], signers: [issuer] })
      if (await verifyCrl(crl, issuer) !== 'valid' || crl.find(certificate.serial) === undefined) throw new Error('wrong')
    } },
    { name: '@cabut/pki readCrl + judgeCrl', ops: 1, run: async () => {
      if ((await judgeCrl(certificate, readCrl(bytes, { serials: [certificate.serial], signers: [issuer] }), { issuer, at })).verdict !== 'revoked') throw new Error('wrong')
    } },
    { name: '@cabut/pki readCrl alone (strict walk)', ops: 1, run: () => readCrl(bytes) },
  ], { rounds: 15 })
  const [limit, ours, , walk] = group.rows
  ours.note = `${(limit.ns / ours.ns).toFixed(2)} x of the SHA-256-only speed`
  group.targets = [{
    what: 'verify + find in memory: times the speed of SHA-256 alone', limit: 0.85, least: true, value: times(ours, limit),
    why: `of ${format(ours.ns)}, the SHA-256 takes ${share(limit.ns, ours.ns)} and the strict walk over every entry, measured alone, ${share(walk.ns, ours.ns)}, ${(walk.ns / 1e6).toFixed(1)} ns an entry`,
  }]
  return group
}

async function index(file) {
  const bytes = readFileSync(file)
  const crl = readCrl(bytes)
  const serials = []
  for (const { serial } of crl.entries()) if (serials.push(serials.length % 2 === 0 ? serial : `${serial.slice(0, -2)}zz`.replace('zz', '5a')) === 10_000) break
  const fresh = () => {
    const one = readCrl(bytes)
    for (let i = 0; i < 3; i++) one.find('1')
    return one
  }
  const prepared = Array.from({ length: 8 }, fresh)
  const walked = Array.from({ length: 8 }, () => readCrl(bytes))
  const before = process.memoryUsage().arrayBuffers
  prepared[7].find('1')
  const perEntry = (process.memoryUsage().arrayBuffers - before) / crl.size
  for (let i = 0; i < 5; i++) crl.find('1')
  const group = await measure('index of 1,000,000 entries', 'per entry, per lookup', [
    { name: '@cabut/pki build, per entry', ops: crl.size, run: (round) => prepared[round]?.find('1') },
    { name: '@cabut/pki one walk that looks for a serial, without index, per entry', ops: crl.size, run: (round) => walked[round]?.find('1') },
    { name: '@cabut/pki find of 10,000 serials, half of them listed, per lookup', ops: serials.length, run: () => { for (const serial of serials) crl.find(serial) } },
  ], { rounds: 6 })
  const [build, walk, find] = group.rows
  build.note = `${perEntry.toFixed(1)} octets an entry`
  group.targets = [
    { what: 'index, ns an entry', limit: 30, value: build.ns, why: `of ${format(build.ns)}, two walks over the octets take ${share(2 * walk.ns, build.ns)} (a walk that only looks for a serial was measured); the rest is counting into and dealing out to groups, in no order of memory` },
    { what: 'index, octets an entry', limit: 21, value: perEntry },
    { what: '10,000 different serials through `find`, ms', limit: 30, value: find.ns / 100 },
  ]
  return group
}

/** As often asked: a small CRL, once, in a process that has just been started. */
async function small(file) {
  const cold = await processes('CRL of 8,120 entries, file to verified answer, cold after import', file, [
    ['ours', '@cabut/pki judgeCrl'], ['read-crl', '@cabut/pki readFileSync + readCrl alone'], ['two-signatures', 'limit: node:crypto takes the key and checks two signatures, for the first time'], ['sha256', 'limit: readFileSync + SHA-256'],
  ], 15, 'first')
  const [ours, reading, signatures] = cold.rows
  const { ca, leaf } = authority(folder)
  const issuer = readCertificate(ca)
  const certificate = readCertificate(leaf)
  const warm = await measure('CRL of 8,120 entries, file to verified answer, warm', 'per answer', [
    { name: '@cabut/pki judgeCrl', ops: 1, run: async () => {
      if ((await judgeCrl(certificate, readCrl(readFileSync(file), { signers: [issuer] }), { issuer, at })).verdict !== 'revoked') throw new Error('wrong')
    } },
  ])
  // "Answer in <= 5 ms after import" is what somebody waits: time by the clock. The CPU time, V8's compiler on its own threads included, stands beside it, not judged.
  cold.targets = [{
    what: `CRL of 8,120 entries: answer in a fresh process after import, ms by the clock (CPU time of all threads: ${(ours.ns / 1e6).toFixed(1)})`, limit: 5, value: ours.wall / 1e6,
    why: `of ${format(ours.wall)} by the clock, readFileSync + readCrl alone take ${share(reading.wall, ours.wall)}, and what judging cannot do without, one key and two signatures for the first time by node:crypto, ${share(signatures.wall, ours.wall)}; warm, the whole takes ${format(warm.rows[0].wall)} (below)`,
  }]
  return [cold, warm]
}
