import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createSandbox } from '@cabut/sandbox'
import { planLetters, planOffices, planPeople, type PlannedLetter } from '../../../srikandi/test/letter-plan.js'

const deep = process.env['CABUT_DEEP'] === '1'
const count = deep ? 200 : 8
const kills = deep ? 40 : 2
if (!deep) console.log(`REDUCED: ${count} letters and ${kills} kills; CABUT_DEEP=1 runs 200 letters and 40 kills`)
const child = fileURLToPath(new URL('child.ts', import.meta.url))
/** Tuesday 2026-11-24 09.00 WIB. */
const tuesday = Date.UTC(2026, 10, 24, 2)

interface End { readonly step: number; readonly state: readonly string[]; readonly findings: Readonly<Record<string, readonly string[]>> }

function run(...args: readonly string[]): Promise<{ readonly signal: NodeJS.Signals | null; readonly end?: End; readonly err: string }> {
  return new Promise((resolve, reject) => {
    const started = spawn(process.execPath, ['--conditions=@cabut/source', '--import', 'tsx', child, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let err = ''
    started.stdout.on('data', (chunk: Buffer) => { out += chunk.toString() })
    started.stderr.on('data', (chunk: Buffer) => { err += chunk.toString() })
    started.on('error', reject)
    started.on('close', (_code, signal) => { resolve({ signal, err, ...(out === '' ? {} : { end: JSON.parse(out) as End }) }) })
  })
}

test('importing all letters twice, in another order, with kill -9 between files, ends in the same state on a store that survives', async () => {
  const root = await mkdtemp(join(tmpdir(), 'cabut-crash-'))
  const sandbox = await createSandbox({ seed: 'crash', faults: 'none', now: () => tuesday, publication: { delay: 0 } })
  try {
    const letters = await planLetters(await planPeople(sandbox), { seed: 'surat', count, most: deep ? 100 : 6, at: new Date(tuesday) })
    const crl = async (path: string): Promise<string> => Buffer.from(await (await sandbox.fetch(new Request(path))).arrayBuffer()).toString('base64')
    const setting = join(root, 'setting.json')
    await writeFile(setting, JSON.stringify({
      anchors: sandbox.anchors, intermediates: [sandbox.ca.issuingPem], offices: planOffices, at: new Date(tuesday).toISOString(),
      crls: [await crl(sandbox.ca.urls.crl), await crl(sandbox.ca.urls.rootCrl)],
    }))
    const fill = async (folder: string, order: readonly PlannedLetter[], prefix = ''): Promise<void> => {
      await mkdir(join(folder, 'inbox'), { recursive: true })
      for (const { name, row, pdf } of order) {
        await writeFile(join(folder, 'inbox', `${prefix}${name}.pdf`), pdf)
        await writeFile(join(folder, 'inbox', `${prefix}${name}.json`), JSON.stringify(row))
      }
    }
    const plain = join(root, 'plain')
    await fill(plain, letters)
    const whole = await run(plain, join(root, 'plain-data'), setting)
    expect(whole.err).toBe('')
    for (const { name, expected } of letters) expect(whole.end?.findings[`${name}.json`], name).toEqual('rejected' in expected ? [expected.rejected] : expected.findings)
    expect(whole.end?.state).toHaveLength(letters.reduce((sum, { expected }) => sum + ('rejected' in expected ? 0 : expected.requests), 0))

    const killed = join(root, 'killed')
    const data = join(root, 'killed-data')
    await fill(killed, [...letters].reverse(), 'z-')
    await fill(killed, letters, 'lagi-')
    // Between any two files: the kills are spread over all changes on disk, another place each time.
    for (let index = 0; index < kills; index += 1) {
      const at = 5 + ((index * 7919) % Math.max(10, Math.floor((whole.end?.step ?? 100) / (deep ? 20 : 3))))
      const died = await run(killed, data, setting, String(at))
      expect(died.signal, died.err).toBe('SIGKILL')
    }
    const last = await run(killed, data, setting)
    expect(last.err).toBe('')
    expect(last.end?.state).toEqual(whole.end?.state)
    for (const place of ['inbox', 'claimed']) expect(await readdir(join(killed, place)), place).toEqual([])
    expect((await readdir(join(killed, 'done'))).length + (await readdir(join(killed, 'rejected'))).length).toBe(2 * count)
  } finally {
    await sandbox.close()
    await rm(root, { recursive: true, force: true })
  }
}, deep ? 3_600_000 : 300_000)
