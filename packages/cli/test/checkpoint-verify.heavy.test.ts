import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCheckpoint } from '../src/checkpoint/checkpoint-file.js'
import { dailyCheckpoints } from '../src/checkpoint/daily.js'
import { openDeskDatabase } from './desk-database.js'
import { cabut } from './run.js'

let root: string
let data: string
let folder: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'cabut-verify-'))
  data = join(root, 'data')
  folder = join(root, 'titik')
  await mkdir(folder)
  const database = await openDeskDatabase(data)
  let now = new Date('2026-11-24T03:00:00Z')
  const daily = dailyCheckpoints({ database, folder, zone: 'WIB', clock: () => now })
  await daily.tend()
  now = new Date('2026-11-25T03:00:00Z')
  await daily.tend()
  await database.close()
})
afterAll(() => rm(root, { recursive: true, force: true }))

describe('cabut audit verify --checkpoint', () => {
  const verify = async (path: string): Promise<{ readonly code: number; readonly text: string }> => {
    const { code, out, err } = await cabut(['audit', 'verify', '--data', data, '--checkpoint', path])
    return { code, text: out + err }
  }

  test('takes a file, and a folder of them; one that does not fit is named', async () => {
    await writeFile(join(folder, 'catatan.txt'), 'bukan titik periksa')
    expect(await verify(join(folder, '2026-11-24.json'))).toMatchObject({ code: 0, text: expect.stringContaining('INTACT') as string })
    expect(await verify(folder)).toMatchObject({ code: 0, text: expect.stringContaining('INTACT') as string })
    // Both days end at one line: the first is compared too, though the second fits.
    const { checkpoint } = await readCheckpoint(join(folder, '2026-11-24.json'))
    await writeFile(join(folder, '2026-11-24.json'), JSON.stringify({ ...checkpoint, digest: '0'.repeat(64) }))
    expect(await verify(folder)).toMatchObject({ code: 26, text: expect.stringMatching(/checkpointDiffers.*2026-11-24T03/) as string })
  })

  test('a token that does not hold is named, and the audit fails; the language is the reader\'s', async () => {
    await writeFile(join(folder, '2026-11-25.tst'), 'bukan token')
    expect(await verify(join(folder, '2026-11-25.json'))).toMatchObject({ code: 26, text: expect.stringMatching(/2026-11-25\.tst: the timestamp does not hold: .*\[timestampMalformed\][^]*NOT INTACT/) as string })
    const { out } = await cabut(['audit', 'verify', '--data', data, '--checkpoint', join(folder, '2026-11-25.json')], 'id')
    expect(out).toMatch(/penanda waktu tidak sah: penanda waktu tidak berbentuk RFC 3161/)
    const { out: json } = await cabut(['audit', 'verify', '--data', data, '--checkpoint', join(folder, '2026-11-25.json'), '--json'])
    expect(JSON.parse(json)).toMatchObject({ valid: false, findings: [], timestamps: [{ sound: false, integrity: 'broken' }] })
    await rm(join(folder, '2026-11-25.tst'))
  })

  test('a folder without any is refused: nothing would be compared', async () => {
    const empty = join(root, 'kosong')
    await mkdir(empty)
    expect(await verify(empty)).toMatchObject({ code: 2, text: expect.stringContaining('there is no checkpoint') as string })
    await writeFile(join(empty, 'x.json'), '{}')
    expect(await verify(empty)).toMatchObject({ code: 2, text: expect.stringContaining('not a checkpoint') as string })
  })
})
