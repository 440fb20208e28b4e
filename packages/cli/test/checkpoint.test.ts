import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '@cabut/postgres'
import { readCheckpoint, writeOnce } from '../src/checkpoint/checkpoint-file.js'
import { dailyCheckpoints, dayIn, type DailyOptions } from '../src/checkpoint/daily.js'
import { openDeskDatabase } from './desk-database.js'

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
afterEach(() => chmod(folder, 0o700).catch(() => undefined))
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

  test.skipIf(process.getuid?.() === 0)('a folder without permission: the same', async () => {
    await chmod(folder, 0o500)
    await keeper().tend()
    expect(warnings).toMatchObject([{ code: 'checkpointUnwritable', detail: expect.stringContaining('EACCES') as string }])
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
