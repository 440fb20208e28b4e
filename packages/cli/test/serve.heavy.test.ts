import { spawn } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SpanStatusCode } from '@opentelemetry/api'
import { afterEach, expect, test } from 'vitest'
import { createLog } from '../src/commands/serve/log.js'
import { startService } from '../src/commands/serve/service.js'
import { telemetryOver, type Telemetry } from '../src/commands/serve/telemetry.js'
import { openDeskOffice, type DeskOffice } from './desk-office.js'
import { cabut } from './run.js'
import { openAuthority, withOpenssl } from './timestamp-authority.js'

let office: DeskOffice
afterEach(() => office.close())

/** A tracer and a meter that remember. */
function remembering(): { readonly telemetry: Telemetry; readonly spans: { name: string; attributes: Record<string, unknown>; failed?: boolean }[]; readonly counted: unknown[]; collect: () => Promise<Record<string, number>> } {
  const spans: { name: string; attributes: Record<string, unknown>; failed?: boolean }[] = []
  const counted: unknown[] = []
  const observed: Record<string, number> = {}
  let callback: ((result: { observe(of: { name: string }, value: number): void }) => Promise<void>) | undefined
  const tracer = {
    startActiveSpan(name: string, { attributes }: { attributes: Record<string, unknown> }, run: (span: object) => unknown) {
      const span = { name, attributes: { ...attributes } } as (typeof spans)[number]
      spans.push(span)
      return run({ setAttributes: (more: object) => Object.assign(span.attributes, more), setAttribute: (key: string, value: unknown) => { span.attributes[key] = value }, setStatus: () => { span.failed = true }, end() {} })
    },
  }
  const meter = {
    createCounter: (name: string) => ({ add: (value: number, of: object) => counted.push([name, value, of]) }), createHistogram: () => ({ record() {} }),
    createObservableGauge: (name: string) => ({ name }), addBatchObservableCallback: (given: typeof callback) => { callback = given },
  }
  return {
    telemetry: telemetryOver(tracer as never, meter as never, SpanStatusCode.ERROR), spans, counted,
    async collect() {
      await callback?.({ observe: ({ name }, value) => { observed[name] = value } })
      return observed
    },
  }
}

async function configure(change: (configuration: Record<string, unknown>) => object): Promise<void> {
  const file = office.path('meja', 'desk.json')
  await writeFile(file, JSON.stringify(change(JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>)))
}

test('one service below a path: health, the work of the desk, spans, metrics, a log without personal data, and an orderly end', async () => {
  office = await openDeskOffice('kabupaten-purbalingga')
  const { path, json, sandbox } = office
  const tsa = withOpenssl ? await openAuthority(path('tsa')) : undefined
  await configure((before) => ({ ...before, serve: { port: 0, basePath: '/layanan/cabut' }, ams: { mode: 'http', url: sandbox.urls.ams, honoursIdempotencyKey: true }, pace: { ams: 200, proof: 200 }, checkpoint: { folder: '../titik', ...(tsa === undefined ? {} : { timestampAuthority: tsa.url, timestampAnchors: [tsa.anchor] }) } }))
  await mkdir(path('titik'))
  const leaf = await sandbox.manage.issue({ username: 'laras.kinanti' })
  await writeFile(path('leaf.der'), leaf.der)
  const { id } = await json<{ id: string }>('surya.wibisana', 'desk', 'file', '--certificate', path('leaf.der'), '--reason', 'pensiun', '--username', 'laras.kinanti', '--letter', `requestLetter=${await office.letter('satu')}`, '--letter', `reasonStatement=${await office.letter('dua')}`)
  await json('kepala.dinkominfo', 'desk', 'dispose', id, '--to', 'tegar.maulana')
  await json('tegar.maulana', 'desk', 'approve', id, '--data', 'match', '--completeness', 'complete', '--subject-dn', 'match', '--no-effects')

  const lines: string[] = []
  const { telemetry, spans, counted, collect } = remembering()
  const service = await startService({ desk: office.folder }, { log: createLog('info', { write: (line) => { lines.push(line) } }), telemetry, lookEvery: 50 })
  try {
    expect(service.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/layanan\/cabut$/)
    expect((await fetch(`${service.url}/health/live`)).status).toBe(200)
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200)
    expect((await fetch(`${new URL(service.url).origin}/health/live`)).status).toBe(404)
    // Another process is told who has the desk.
    const second = await office.run('tegar.maulana', 'desk', 'list')
    expect([second.code, second.err]).toEqual([1, expect.stringContaining('storeLocked')])
    expect((await service.office.desk.proven(id)).certificate.serial).toBe(leaf.serial)
    expect(await collect()).toMatchObject({ 'cabut.queue.parked': 0 })
    await sleep(120)
  } finally {
    await Promise.all([service.stop('test'), service.stop('again')])
  }
  expect(sandbox.manage.timesRevoked(leaf.serial)).toBe(1)
  expect(spans).toContainEqual({ name: 'cabut.ams.fileRevocation', attributes: { 'cabut.ams.kind': 'http', 'cabut.ams.outcome': 'accepted' } })
  expect(counted).toContainEqual(['cabut.request.changes', 1, { status: 'revoked' }])
  const messages = lines.map((line) => (JSON.parse(line) as { message: string }).message)
  expect(messages).toEqual(expect.arrayContaining(['started', 'request changed', 'queue', 'stopping', 'stopped']))
  expect(messages.at(-1)).toBe('stopped')
  // The day's checkpoint left the database, and the audit takes the folder.
  expect(await readdir(path('titik'))).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\d\.json$/), ...(tsa === undefined ? [] : [expect.stringMatching(/^\d{4}-\d\d-\d\d\.tst$/)])])
  expect(messages.filter((message) => message === 'checkpoint')).toHaveLength(1)
  const audit = await cabut(['audit', 'verify', '--data', path('meja', 'data'), '--checkpoint', path('titik'), ...(tsa === undefined ? [] : ['--timestamp-anchors', tsa.anchor])])
  expect(audit).toMatchObject({ code: 0, out: expect.stringMatching(tsa === undefined ? /0 with a timestamp/ : /stamped 20\S+Z by .*Penanda Waktu Contoh[^(]*\n/) as string })
  await tsa?.close()
  expect(lines.join('')).not.toMatch(/Laras|Kinanti/)
  // The directory is free again, and what the service did is there.
  expect(await json('tegar.maulana', 'desk', 'show', id)).toMatchObject({ proof: { certificate: { serial: leaf.serial } } })
}, 400_000)

test('a real process ends by itself on SIGTERM, with code 0; a second start finds the directory free', async () => {
  office = await openDeskOffice('kabupaten-purbalingga', ['--offline'])
  await configure((before) => ({ ...before, serve: { port: 0 } }))
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const child = spawn(process.execPath, ['--conditions=@cabut/source', '--import', 'tsx', resolve(import.meta.dirname, '../src/bin.ts'), 'serve', '--desk', office.folder], { cwd: resolve(import.meta.dirname, '../../../examples'), stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    const ended = new Promise<number | null>((done) => { child.once('exit', done) })
    await new Promise<void>((ready) => { child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); if (output.includes('"started"')) ready() }); child.once('exit', () => ready()) })
    expect(output).toContain('"started"')
    child.kill(signal)
    expect(await ended).toBe(0)
    expect(output).toContain(`"reason":"${signal}"`)
    expect(output).toContain('"stopped"')
  }
}, 400_000)

test('the log withholds personal fields and blanks what looks like identity numbers and addresses', async () => {
  office = { close: async () => {} } as DeskOffice
  const lines: string[] = []
  const log = createLog('info', { write: (line) => { lines.push(line) } })
  log.info({ person: { name: 'Ratna Pertiwi', nik: '9999010101800001' }, detail: 'for 9999010101800001, ratna@contoh.go.id, +62 812 3456 7890' }, 'x')
  expect(lines.join('')).not.toMatch(/Ratna|9999010101800001|ratna@|7890/)
  expect(lines.join('')).toContain('[dirahasiakan]')
})
