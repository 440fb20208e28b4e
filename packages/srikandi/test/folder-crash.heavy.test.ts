import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createFolderTransport } from '../src/folder/folder-transport.js'
import { work } from './folder-work.js'

const child = fileURLToPath(new URL('folder-child.ts', import.meta.url))

interface Run { readonly signal: NodeJS.Signals | null; readonly code: number | null; readonly out: string; readonly err: string }

function run(...args: readonly string[]): Promise<Run> {
  return new Promise((resolve, reject) => {
    const process_ = spawn(process.execPath, ['--conditions=@cabut/source', '--import', 'tsx', child, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let err = ''
    process_.stdout.on('data', (chunk: Buffer) => { out += chunk.toString() })
    process_.stderr.on('data', (chunk: Buffer) => { err += chunk.toString() })
    process_.on('error', reject)
    process_.on('close', (code, signal) => { resolve({ code, signal, out, err }) })
  })
}

async function fill(root: string, letters: number): Promise<Map<string, string>> {
  const digests = new Map<string, string>()
  await createFolderTransport({ folder: root })
  for (let index = 1; index <= letters; index += 1) {
    const pdf = Buffer.from(`%PDF-1.7\n% surat ${index} ${'x'.repeat(index * 100)}\n%%EOF\n`)
    digests.set(`N-${index}`, createHash('sha256').update(pdf).digest('hex'))
    await writeFile(join(root, 'inbox', `surat-${index}.pdf`), pdf)
    await writeFile(join(root, 'inbox', `surat-${index}.json`), JSON.stringify({ nomor: `N-${index}` }))
  }
  return digests
}

/** Every letter is in `done` once, whole; every answer in `outbox` once, whole; nothing else is anywhere. */
async function settled(root: string, digests: ReadonlyMap<string, string>): Promise<void> {
  for (const place of ['inbox', 'claimed', 'rejected', 'sent']) expect(await readdir(join(root, place)), place).toEqual([])
  const done = await readdir(join(root, 'done'))
  const seen = new Map<string, string>()
  for (const name of done) {
    const { nomor } = JSON.parse(await readFile(join(root, 'done', name, 'naskah.json'), 'utf8')) as { nomor: string }
    expect(seen.has(nomor), `${nomor} twice`).toBe(false)
    const digest = createHash('sha256').update(await readFile(join(root, 'done', name, 'naskah.pdf'))).digest('hex')
    expect((JSON.parse(await readFile(join(root, 'done', name, 'hasil.json'), 'utf8')) as { pdf: string }).pdf).toBe(digest)
    seen.set(nomor, digest)
  }
  expect([...seen].sort()).toEqual([...digests].sort())
  const answers = (await readdir(join(root, 'outbox'))).filter((name) => !name.startsWith('.'))
  expect(answers.sort()).toEqual([...digests.keys()].map((nomor) => `J-${nomor}`).sort())
  for (const name of answers) {
    expect((await readdir(join(root, 'outbox', name))).sort()).toEqual(['jawaban.pdf', 'naskah.json'])
    expect(createHash('sha256').update(await readFile(join(root, 'outbox', name, 'jawaban.pdf'))).digest('hex')).toBe(digests.get(name.slice(2)))
  }
}

describe('folder transport: a process killed between any two changes on disk', () => {
  it('loses no letter and sends none twice, wherever it dies', async () => {
    const root = await mkdtemp(join(tmpdir(), 'srikandi-'))
    const whole = await fill(root, 1)
    const plain = await run(root, '0')
    const steps = Number(/steps (\d+)/.exec(plain.out)?.[1])
    expect(plain.err).toBe('')
    await settled(root, whole)
    await rm(root, { recursive: true })
    expect(steps).toBeGreaterThan(12)

    const crash = async (at: number): Promise<void> => {
      const folder = await mkdtemp(join(tmpdir(), 'srikandi-'))
      const digests = await fill(folder, 1)
      const died = await run(folder, String(at))
      expect(died.signal, `step ${at}: ${died.err}`).toBe('SIGKILL')
      await work(await createFolderTransport({ folder, patience: 0 }), 1)
      await settled(folder, digests)
      await rm(folder, { recursive: true })
    }
    // Two at a time: the machine is shared.
    for (let at = 1; at <= steps; at += 2) await Promise.all([crash(at), ...(at + 1 <= steps ? [crash(at + 1)] : [])])
  }, 400_000)

  it('two processes on one inbox take each letter once, though one of them dies', async () => {
    const root = await mkdtemp(join(tmpdir(), 'srikandi-'))
    const digests = await fill(root, 24)
    // The first leaves letters for the second, whichever starts first: the second always lives long enough to be killed.
    const [left, right] = await Promise.all([run(root, '0', '3'), run(root, '40', '12')])
    expect(left.err).toBe('')
    expect(right.signal).toBe('SIGKILL')
    await work(await createFolderTransport({ folder: root, patience: 0 }), 12)
    await settled(root, digests)
    await rm(root, { recursive: true })
  }, 400_000)
})
