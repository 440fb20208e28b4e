import { readFile, writeFile } from 'node:fs/promises'
import { afterEach, expect, test } from 'vitest'
import { openDeskOffice, type DeskOffice } from './desk-office.js'

interface View { readonly id: string; readonly status: string; readonly version: number; readonly state: { readonly personal: Readonly<Record<string, string>>; readonly certificate: { readonly serial: string } } }
interface Refused { readonly error: { readonly code: string; readonly refusal?: { readonly refused: string; readonly allowed: readonly { readonly command: string }[] } } }

let office: DeskOffice
afterEach(() => office.close())

const findings = ['--data', 'match', '--completeness', 'complete', '--subject-dn', 'match']

test('Kabupaten Purbalingga: a whole day through `cabut desk` only, with AMS by hand, ends in a verified receipt', async () => {
  office = await openDeskOffice('kabupaten-purbalingga')
  const { run, json, path, sandbox } = office
  const leaf = await sandbox.manage.issue({ username: 'laras.kinanti' })
  await writeFile(path('leaf.der'), leaf.der)
  await writeFile(path('orang.json'), JSON.stringify({ applicant: { name: 'Surya Wibisana' }, holder: { name: 'Laras Kinanti' } }))
  const letters = ['--letter', `requestLetter=${await office.letter('permohonan')};800/15/DINDIK;2026-11-19`, '--letter', `reasonStatement=${await office.letter('alasan')}`]

  // The applicant's office files; who may not, is told who may.
  const file = ['desk', 'file', '--certificate', path('leaf.der'), '--reason', 'pensiun', '--username', 'laras.kinanti', '--holder', 'laras.kinanti', '--personal-file', path('orang.json'), ...letters]
  const refused = await run('kepala.dinkominfo', ...file)
  expect(refused.code).toBe(30)
  expect(refused.out).toMatch(/REFUSED.*\[notYourRole\]/)
  const filed = await json<View>('surya.wibisana', ...file)
  expect(filed).toMatchObject({ status: 'submitted', state: { certificate: { serial: leaf.serial } } })
  const { id } = filed
  expect(JSON.stringify(filed)).not.toContain('Laras Kinanti')

  // Whose turn it is: the head's, by name.
  expect((await run('surya.wibisana', 'desk', 'next')).out).toContain('Nothing waits for you.')
  const next = await run('kepala.dinkominfo', 'desk', 'next')
  expect(next.out).toContain(`cabut desk dispose ${id}`)
  const early = await json<Refused>('tegar.maulana', 'desk', 'approve', id, ...findings)
  expect(early.error.refusal).toMatchObject({ refused: 'notInThisStatus' })
  expect(early.error.refusal?.allowed.map(({ command }) => command)).toContain('dispose')
  expect((await json<View>('kepala.dinkominfo', 'desk', 'dispose', id, '--to', 'tegar.maulana', '--note', 'Mohon diverifikasi')).status).toBe('disposed')
  expect((await run('kepala.dinkominfo', 'desk', 'cancel-disposition', id)).code).toBe(0)
  expect((await run('kepala.dinkominfo', 'desk', 'dispose', id, '--to', 'tegar.maulana')).code).toBe(0)
  const mine = await json<readonly { readonly mine: readonly string[] }[]>('tegar.maulana', 'desk', 'next')
  expect(mine[0]?.mine).toEqual(expect.arrayContaining(['receive', 'approve', 'return', 'reject']))
  expect((await run('ningrum.sekar', 'desk', 'receive', id)).code).toBe(30)
  const received = await json<View>('tegar.maulana', 'desk', 'receive', id)

  // Looking at a name is noted; without asking it is not shown.
  expect((await run('tegar.maulana', 'desk', 'show', id)).out).toContain('[withheld; --personal]')
  expect((await run('tegar.maulana', 'desk', 'show', id, '--personal')).out).toContain('Laras Kinanti')
  const note = (await readFile(path('meja', 'access.jsonl'), 'utf8')).trim()
  expect(JSON.parse(note)).toMatchObject({ person: 'tegar.maulana', requestId: id, why: 'desk show --personal' })
  expect(note).not.toContain('Laras Kinanti')

  // Somebody was faster: the version says so.
  expect((await run('tegar.maulana', 'desk', 'verify', id, ...findings)).code).toBe(0)
  expect((await run('tegar.maulana', 'desk', 'approve', id, '--if-version', String(received.version))).code).toBe(31)
  expect((await run('surya.wibisana', 'desk', 'approve', id)).code).toBe(30)
  expect((await json<View>('tegar.maulana', 'desk', 'approve', id)).status).toBe('executing')

  // AMS by hand: what to enter, then what AMS showed. No receipt without proof.
  const task = await run('tegar.maulana', 'desk', 'task', id)
  expect(task.out).toContain(leaf.serial)
  expect(task.out).toContain('laras.kinanti')
  expect((await run('tegar.maulana', 'desk', 'receipt', id, '--out', path('dini'))).code).toBe(33)
  sandbox.manage.revokeAtAuthority(leaf.serial, 'cessationOfOperation')
  sandbox.manage.publish({ withheld: true })
  const entered = await json<View>('tegar.maulana', 'desk', 'record-ams', id, '--record', 'AMS-77', '--status', 'waitingBsre')
  expect(['atBsre', 'revoked']).toContain(entered.status)
  await run(undefined, 'desk', 'work')
  await writeFile(path('crl.der'), new Uint8Array(await (await fetch(sandbox.urls.crl)).arrayBuffer()))
  if ((await json<View>('tegar.maulana', 'desk', 'show', id)).status !== 'revoked') expect((await run('tegar.maulana', 'desk', 'examine', id, '--crl', path('crl.der'))).code).toBe(0)
  expect((await json<View>('tegar.maulana', 'desk', 'show', id)).status).toBe('revoked')

  // Told, answered, closed.
  expect((await run('tegar.maulana', 'desk', 'finish', id)).code).toBe(30)
  for (const party of ['applicant', 'holder']) await run('tegar.maulana', 'desk', 'notify', id, '--channel', 'srikandi', '--party', party)
  expect((await run('tegar.maulana', 'desk', 'answer', id, '--letter', `answerLetter=${await office.letter('jawaban')};000.8.3.3/41/DINKOMINFO;2026-11-19`)).code).toBe(0)
  if ((await json<View>('tegar.maulana', 'desk', 'show', id)).status !== 'closed') await run('tegar.maulana', 'desk', 'finish', id)
  expect((await json<View>('tegar.maulana', 'desk', 'show', id)).status).toBe('closed')
  const history = await run('tegar.maulana', 'desk', 'history', id)
  expect(history.out).toMatch(/filed[\s\S]*disposed[\s\S]*approved[\s\S]*proven[\s\S]*answered/)
  expect(history.out).not.toContain('Mohon diverifikasi')

  const receipt = await json<{ readonly valid: boolean; readonly out: string }>('tegar.maulana', 'desk', 'receipt', id, '--out', path('bukti'))
  expect(receipt.valid).toBe(true)
  expect((await run(undefined, 'receipt', 'verify', path('bukti'), '--anchors', path('root.pem'))).code).toBe(0)
  expect((await json<{ readonly requests: readonly View[] }>('tegar.maulana', 'desk', 'list', '--status', 'closed')).requests.map((view) => view.id)).toEqual([id])
  expect((await json<{ readonly watched: number }>(undefined, 'watch')).watched).toBe(1)
  expect(await json(undefined, 'desk', 'status')).toMatchObject({ open: 0, byStatus: { closed: 1 }, queue: { parked: [] }, breached: [], contradicted: [] })
}, 400_000)

test('Kota Pekalongan: the owner files, is sent back once, AMS over HTTP, ends in a verified receipt', async () => {
  office = await openDeskOffice('kota-pekalongan', [], {})
  const { json, path, sandbox } = office
  const configuration = JSON.parse(await readFile(path('meja', 'desk.json'), 'utf8')) as object
  await writeFile(path('meja', 'desk.json'), JSON.stringify({ ...configuration, ams: { mode: 'http', url: sandbox.urls.ams, honoursIdempotencyKey: true } }))
  const leaf = await sandbox.manage.issue({ username: 'ratna.pertiwi' })
  await writeFile(path('leaf.der'), leaf.der)

  const filed = await json<View>('ratna.pertiwi', 'desk', 'file', '--certificate', path('leaf.der'), '--reason', 'mutasi', '--username', 'ratna.pertiwi', '--letter', `reasonStatement=${await office.letter('satu')}`)
  expect(filed).toMatchObject({ state: { certificate: { serial: leaf.serial } } })
  const { id } = filed
  expect(await json('dewi.larasati', 'desk', 'show', id)).toMatchObject({ status: 'verifying', state: { ams: { recordStatus: 'waitingVerification' } } })
  expect(await json('dewi.larasati', 'desk', 'return', id, '--reason', 'Surat belum menyebut tanggal', '--reason', 'Surat belum bertanda tangan')).toMatchObject({ status: 'returned' })
  const [mine] = await json<readonly { readonly mine: readonly string[] }[]>('ratna.pertiwi', 'desk', 'next')
  expect(mine?.mine).toContain('submit')
  await json('ratna.pertiwi', 'desk', 'attach', id, '--letter', `reasonStatement=${await office.letter('dua')}`)
  await json('ratna.pertiwi', 'desk', 'submit', id)
  expect((await office.run('ratna.pertiwi', 'desk', 'approve', id, ...findings)).code).toBe(30)
  await json('dewi.larasati', 'desk', 'approve', id, ...findings)
  await office.run(undefined, 'desk', 'work', '--for', '3')
  // The clock of the day is the service's; how the proof came is the authority's.
  let view = await json<View>('dewi.larasati', 'desk', 'show', id)
  for (let round = 0; round < 5 && view.status !== 'revoked'; round += 1) {
    await writeFile(path('crl.der'), new Uint8Array(await (await fetch(sandbox.urls.crl)).arrayBuffer()))
    await office.run('dewi.larasati', 'desk', 'examine', id, '--crl', path('crl.der'))
    view = await json<View>('dewi.larasati', 'desk', 'show', id)
  }
  expect(view.status).toBe('revoked')
  await json('dewi.larasati', 'desk', 'notify', id, '--channel', 'portal')
  expect((await json<View>('dewi.larasati', 'desk', 'show', id)).status).toBe('closed')
  expect(await json('ratna.pertiwi', 'desk', 'receipt', id, '--out', path('bukti'), '--form', 'public')).toMatchObject({ valid: true })
  expect(sandbox.manage.timesRevoked(leaf.serial)).toBe(1)
}, 400_000)
