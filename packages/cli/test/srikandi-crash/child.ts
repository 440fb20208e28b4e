// One process that imports letters of a folder into a desk on PGlite. Dies by SIGKILL before the disk change number KILL_AT of the folder.
import { readFileSync } from 'node:fs'
import { createAssistedAms, createDesk, loadStandard } from '@cabut/sdk'
import { createSqlStore } from '@cabut/postgres'
import { openPglite } from '@cabut/postgres/pglite'
import { createFolderTransport, createLetterDesk, type OfficeDirectory } from '@cabut/srikandi'

interface Setting { readonly anchors: [string, ...string[]]; readonly intermediates: string[]; readonly crls: string[]; readonly offices: OfficeDirectory; readonly at: string }

const [folder = '', data = '', setting = '', killAt = '0'] = process.argv.slice(2)
const { anchors, intermediates, crls, offices, at } = JSON.parse(readFileSync(setting, 'utf8')) as Setting
const now = (): Date => new Date(at)
const purbalingga = loadStandard('kabupaten-purbalingga')
const store = await createSqlStore(await openPglite({ directory: data }))
const desk = createDesk({
  standard: { ...purbalingga, id: 'kabupaten-contoh', region: { name: 'Contoh', kind: 'kabupaten', invented: true }, filing: { ...purbalingga.filing, batch: { offered: true, maxHolders: 100 } } },
  store, ams: createAssistedAms(), anchors, intermediates, fetch: false, clock: now, worker: false, sandbox: true,
})
let step = 0
const transport = await createFolderTransport({
  folder, patience: 0,
  onStep: () => {
    step += 1
    if (step === Number(killAt)) process.kill(process.pid, 'SIGKILL')
  },
})
const letters = createLetterDesk({
  desk, transport, offices, officer: { id: 'kepala.dinkominfo', role: 'head', opd: 'DINKOMINFO' }, registrar: { id: 'petugas.surat', role: 'registrar', opd: 'DINKOMINFO' },
  letterhead: { lines: ['KABUPATEN CONTOH'], place: 'Contoh' }, signatory: { nama: 'Wulan Prameswari' }, clock: now,
  signatures: { anchors, intermediates, fetch: false, crls: crls.map((one) => new Uint8Array(Buffer.from(one, 'base64'))) },
})
const findings: Record<string, readonly string[]> = {}
for (;;) {
  const some = await letters.receive()
  if (some.length === 0) break
  for (const one of some) findings[one.name] = one.outcome === 'taken' ? (one.examination?.findings ?? []).map(({ code }) => code).sort() : [one.outcome === 'rejected' ? one.error.code : String(one.error)]
}
const lines: string[] = []
for (let after: string | undefined; ;) {
  const page = await desk.list({ limit: 500, ...(after === undefined ? {} : { after }) })
  for (const { id, status, state } of page) lines.push(`${id} ${status} ${state.letters.map(({ sha256 }) => sha256).join()} ${(await desk.history(id)).map(({ type }) => type).join(',')}`)
  after = page.at(-1)?.id
  if (page.length < 500) break
}
await desk.close()
await store.close()
process.stdout.write(`${JSON.stringify({ step, state: lines.sort(), findings })}\n`)
