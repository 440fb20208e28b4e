import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { allowLoopback, createEvidenceFetcher, type EvidenceFetcher } from '@cabut/pki/status'
import type { Database } from '@cabut/postgres'
import { readCheckpoint, writeOnce } from '../src/checkpoint/checkpoint-file.js'
import { dailyCheckpoints, dayIn, type DailyOptions } from '../src/checkpoint/daily.js'
import { readStamps } from '../src/checkpoint/stamps.js'
import type { TimestampAuthority } from '../src/checkpoint/timestamp.js'
import { readCertificates } from '../src/input.js'
import { openDeskDatabase } from './desk-database.js'
import { openAuthority, withOpenssl, type LoopbackAuthority } from './timestamp-authority.js'

let root: string
let database: Database
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'cabut-checkpoint-'))
  database = await openDeskDatabase()
})
afterAll(async () => {
  await database.close()
  await rm(root, { recursive: true, force: true })
})

let folder: string
let now: Date
let written: string[]
let warnings: unknown[]
const keeper = (more: Partial<DailyOptions> = {}): ReturnType<typeof dailyCheckpoints> => dailyCheckpoints({
  database, folder, zone: 'WIB', clock: () => now, onWritten: (path) => written.push(path), onWarning: (warning) => warnings.push(warning), ...more,
})
beforeEach(async () => {
  folder = await mkdtemp(join(root, 'folder-'))
  now = new Date('2026-11-24T03:00:00Z')
  written = []
  warnings = []
})
const kept = async (): Promise<number> => (await database.query<{ n: number }>('select count(*)::integer as n from cabut.checkpoints'))[0]?.n ?? 0

describe('the daily checkpoint', () => {
  test('one a calendar day of the standard\'s zone; a restart on the same day takes none again', async () => {
    const first = keeper()
    await first.tend()
    await first.tend()
    const before = await kept()
    await keeper().tend()
    expect(await readdir(folder)).toEqual(['2026-11-24.json'])
    expect(await kept()).toBe(before)
    // 23:59 and midnight in WIB, three hours later than on the first line of the day in WIT.
    now = new Date('2026-11-24T16:59:59Z')
    await first.tend()
    expect(written).toHaveLength(1)
    now = new Date('2026-11-24T17:00:00Z')
    await first.tend()
    expect(await readdir(folder)).toEqual(['2026-11-24.json', '2026-11-25.json'])
    expect(await readCheckpoint(join(folder, '2026-11-25.json'))).toMatchObject({ checkpoint: { at: now.toISOString(), year: 2026, n: 1, cases: 1 } })
    expect(warnings).toEqual([])
    expect((['WIB', 'WITA', 'WIT'] as const).map((zone) => dayIn(zone, new Date('2026-11-24T15:30:00Z')))).toEqual(['2026-11-24', '2026-11-24', '2026-11-25'])
  })

  test('of several processes one writes, whole', async () => {
    await Promise.all(Array.from({ length: 8 }, () => keeper().tend()))
    expect([await readdir(folder), written.length, warnings]).toEqual([['2026-11-24.json'], 1, []])
    const results = await Promise.all(Array.from({ length: 8 }, (_, index) => writeOnce(join(folder, 'one'), `${index}`.repeat(10_000))))
    expect(results.filter(Boolean)).toHaveLength(1)
    expect(await readFile(join(folder, 'one'), 'utf8')).toBe(`${results.indexOf(true)}`.repeat(10_000))
    expect((await readdir(folder)).sort()).toEqual(['2026-11-24.json', 'one'])
  })

  test('a folder that is away, or is none: a warning with a code, nothing made, tried again later', async () => {
    const away = join(folder, 'disk')
    const one = keeper({ folder: away })
    const before = await kept()
    await one.tend()
    await one.tend()
    expect(warnings).toMatchObject([{ code: 'checkpointUnwritable', detail: `${away}: ENOENT` }])
    expect([await kept(), await readdir(folder)]).toEqual([before, []])
    now = new Date(now.getTime() + 600_000)
    await one.tend()
    expect(warnings).toHaveLength(2)
    await mkdir(away)
    now = new Date(now.getTime() + 600_000)
    await one.tend()
    expect([await readdir(away), warnings.length]).toEqual([['2026-11-24.json'], 2])
    await writeFile(join(folder, 'file'), '')
    await keeper({ folder: join(folder, 'file') }).tend()
    expect(warnings.at(-1)).toMatchObject({ code: 'checkpointUnwritable', detail: expect.stringContaining('ENOTDIR') as string })
  })

  test('a folder that takes no file, whoever asks: the same', async () => {
    await keeper({ folder: '/proc' }).tend()
    expect(warnings).toMatchObject([{ code: 'checkpointUnwritable', detail: expect.stringMatching(/^\/proc: E/) as string }])
  })

  test('a file of the day that is no checkpoint is left alone, and told', async () => {
    await writeFile(join(folder, '2026-11-24.json'), '{"kind":"cabut-checkpoint","at":')
    await keeper().tend()
    expect(warnings).toMatchObject([{ code: 'checkpointUnreadable' }])
    expect(await readFile(join(folder, '2026-11-24.json'), 'utf8')).toBe('{"kind":"cabut-checkpoint","at":')
  })

  test('a database that fails is a warning as well', async () => {
    await keeper({ database: { ...database, transaction: () => Promise.reject(new Error('gone')) } }).tend()
    expect(warnings).toMatchObject([{ message: 'gone' }])
    expect(await readdir(folder)).toEqual([])
  })
})

describe.skipIf(!withOpenssl)('a timestamp over it (RFC 3161), by an authority that is OpenSSL', () => {
  let tsa: LoopbackAuthority
  beforeAll(async () => { tsa = await openAuthority(join(root, 'tsa')) })
  afterAll(() => tsa.close())
  beforeEach(() => {
    tsa.mode = 'granted'
    tsa.asked.length = 0
  })
  const stamped = async (more: Partial<TimestampAuthority> = {}, fetcher: EvidenceFetcher = createEvidenceFetcher({ allow: [allowLoopback], allowHosts: ['127.0.0.1'] })): Promise<ReturnType<typeof keeper>> =>
    keeper({ authority: { url: tsa.url, fetcher, anchors: await readCertificates([tsa.anchor]), ...more } })

  test('the token stands beside the file, and OpenSSL verifies it over the very octets', async () => {
    const one = await stamped()
    await one.tend()
    await one.tend()
    expect([await readdir(folder), warnings]).toEqual([['2026-11-24.json', '2026-11-24.tst'], []])
    expect(tsa.asked).toHaveLength(1)
    expect(tsa.asked[0]).toMatchObject({ headers: { 'content-type': 'application/timestamp-query' }, query: expect.stringMatching(/Hash Algorithm: sha256[^]*Nonce: 0x[^]*Certificate required: yes/) as string })
    const verify = (file: string): number | null => spawnSync('openssl', ['ts', '-verify', '-token_in', '-in', join(folder, '2026-11-24.tst'), '-data', file, '-CAfile', tsa.anchor]).status
    expect(verify(join(folder, '2026-11-24.json'))).toBe(0)
    expect(verify(tsa.anchor)).not.toBe(0)
    const file = await readCheckpoint(join(folder, '2026-11-24.json'))
    const anchors = await readCertificates([tsa.anchor])
    const [stamp] = await readStamps([file], anchors)
    expect(stamp).toMatchObject({ sound: true, integrity: 'intact', path: 'valid', by: expect.stringContaining('CN=Penanda Waktu Contoh') as string, problems: [] })
    expect(Math.abs(Date.parse(stamp?.time ?? '') - Date.now())).toBeLessThan(60_000)
    expect(await readStamps([file], [])).toMatchObject([{ sound: true, path: 'notAsked' }])
    // Another octet in the file, another root, a token cut short.
    expect(await readStamps([{ ...file, octets: Buffer.concat([file.octets, Buffer.from(' ')]) }], anchors)).toMatchObject([{ sound: false, integrity: 'broken', problems: [{ code: 'timestampImprint' }] }])
    const token = await readFile(join(folder, '2026-11-24.tst'))
    await writeFile(join(folder, '2026-11-24.tst'), token.subarray(0, -1))
    expect(await readStamps([file], anchors)).toMatchObject([{ sound: false, problems: [{ code: 'timestampMalformed' }] }])
    // What was fetched by hand is an answer around the token.
    await rm(join(folder, '2026-11-24.tst'))
    await writeFile(join(folder, '2026-11-24.tsr'), Buffer.concat([Buffer.from([0x30, 0x82, (token.length + 5) >> 8, (token.length + 5) & 0xff]), Buffer.from('3003020100', 'hex'), token]))
    expect(await readStamps([file], anchors)).toMatchObject([{ sound: true, file: join(folder, '2026-11-24.tsr') }])
  })

  test.each([
    ['down', 'timestampUnavailable', 'HTTP 503'], ['refusal', 'timestampRefused', 'rejection, badAlg'], ['replay', 'timestampInvalid', 'timestampImprint, timestampNonce'], ['page', 'timestampInvalid', 'derTag'],
  ] as const)('an authority that is %s: a warning, the file stands, tried again later, also on the next day', async (mode, code, detail) => {
    tsa.mode = mode
    const one = await stamped()
    await one.tend()
    expect([await readdir(folder), written.length]).toEqual([['2026-11-24.json'], 1])
    expect(warnings).toMatchObject([{ code, detail: expect.stringContaining(detail) as string }])
    await one.tend()
    expect(tsa.asked).toHaveLength(1)
    tsa.mode = 'granted'
    now = new Date('2026-11-25T03:00:00Z')
    await one.tend()
    expect([await readdir(folder), warnings.length]).toEqual([['2026-11-24.json', '2026-11-24.tst', '2026-11-25.json', '2026-11-25.tst'], 1])
  })

  test('an authority under another root is not kept; one on loopback is not asked unless that is allowed', async () => {
    const other = await openAuthority(join(folder, 'tsa'))
    await other.close()
    await (await stamped({ anchors: await readCertificates([other.anchor]) })).tend()
    expect(warnings).toMatchObject([{ code: 'timestampInvalid', detail: 'timestampPath' }])
    tsa.asked.length = 0
    await (await stamped({}, createEvidenceFetcher({ allowHosts: ['127.0.0.1'] }))).tend()
    expect(warnings).toMatchObject([{}, { code: 'timestampUnavailable', detail: 'address not permitted' }])
    expect(tsa.asked).toEqual([])
  })
})
