import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PDFDocument } from 'pdf-lib'
import { startSandbox, type RunningSandbox, type SandboxOptions } from '@cabut/sandbox'
import { cabut, type Run } from './run.js'

/** An invented office with a desk in a directory, driven by the command line only; the sandbox is on loopback. */
export interface DeskOffice {
  readonly root: string
  readonly sandbox: RunningSandbox
  readonly folder: string
  path(...parts: readonly string[]): string
  /** Runs `cabut ...` at this desk. */
  run(as: string | undefined, ...args: readonly string[]): Promise<Run>
  /** The same, as the JSON document it writes. */
  json<T>(as: string | undefined, ...args: readonly string[]): Promise<T>
  letter(name: string): Promise<string>
  close(): Promise<void>
}

const roster = [
  { id: 'surya.wibisana', role: 'opdOfficer', opd: 'dindik' }, { id: 'ratna.pertiwi', role: 'holder', opd: 'disdik' }, { id: 'kepala.dinkominfo', role: 'head', opd: 'dinkominfo' },
  { id: 'tegar.maulana', role: 'verifier', opd: 'dinkominfo' }, { id: 'ningrum.sekar', role: 'verifier', opd: 'dinkominfo' }, { id: 'dewi.larasati', role: 'verifier', opd: 'dinkominfo' },
  { id: 'hadi.prakoso', role: 'supervisor', opd: 'dinkominfo' },
]

export async function openDeskOffice(standard: string, init: readonly string[] = [], options: SandboxOptions = {}): Promise<DeskOffice> {
  const root = await mkdtemp(join(tmpdir(), 'cabut-desk-'))
  const path = (...parts: readonly string[]): string => join(root, ...parts)
  const sandbox = await startSandbox({ seed: 'desk-cli', faults: 'none', reuseKeys: true, publication: { delay: 0 }, ...options })
  await writeFile(path('root.pem'), sandbox.anchors.join(''))
  await writeFile(path('issuing.pem'), sandbox.ca.issuingPem)
  await writeFile(path('roster.json'), JSON.stringify(roster))
  await writeFile(path('tokens.json'), JSON.stringify(Object.fromEntries(sandbox.users.map(({ username }) => [username, sandbox.manage.token(username)]))))
  process.env['CABUT_AMS_TOKENS'] = path('tokens.json')
  const folder = path('meja')
  const office: DeskOffice = {
    root, sandbox, folder, path,
    run: (as, ...args) => cabut([...args, ...(args.includes('init') || args[0] === 'receipt' ? [] : ['--desk', folder]), ...(as === undefined ? [] : ['--as', as])]),
    async json(as, ...args) {
      const { out, err } = await office.run(as, ...args, '--json')
      if (out === '') throw new Error(err)
      return JSON.parse(out)
    },
    async letter(name) {
      const document = await PDFDocument.create()
      document.addPage([200, 200]).drawText(name, { size: 10, x: 10, y: 100 })
      await writeFile(path(`${name}.pdf`), await document.save())
      return path(`${name}.pdf`)
    },
    async close() {
      delete process.env['CABUT_AMS_TOKENS']
      await sandbox.close()
      await rm(root, { recursive: true, force: true })
    },
  }
  const made = await office.run(undefined, 'desk', 'init', folder, '--standard', standard, '--anchors', path('root.pem'), '--intermediates', path('issuing.pem'), '--roster', path('roster.json'), '--allow-loopback', '--sandbox', ...init)
  if (made.code !== 0) throw new Error(made.out + made.err)
  return office
}

export const overHttp = (sandbox: { readonly urls: { readonly ams: string } }): readonly string[] => ['--ams', 'http', '--ams-url', sandbox.urls.ams, '--ams-keys']
