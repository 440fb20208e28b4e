import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createAssistedAms } from '../src/ams/index.js'
import type { RequestView } from '../src/desk/index.js'
import { verifyReceipt } from '../src/receipt/index.js'
import { loadStandard, type RoleName, type ServiceStandard } from '../src/standard/index.js'
import type { Actor } from '../src/workflow/index.js'
import { findings, offices, type Office } from './office.js'

const [minute, hour] = [60_000, 3_600_000]
const region = (id: string): ServiceStandard => loadStandard(JSON.parse(readFileSync(new URL(`../../../docs/standards/${id}.json`, import.meta.url), 'utf8')) as object)

const open = offices()

/** Who holds each office of the invented regions; whoever acts in AMS goes by a username the sandbox knows. */
const persons: Readonly<Partial<Record<RoleName, Actor>>> = {
  holder: { id: 'ratna.pertiwi', role: 'holder', opd: 'disdik' }, opdHead: { id: 'kepala.disdik', role: 'opdHead', opd: 'disdik' },
  head: { id: 'kepala.dinkominfo', role: 'head', opd: 'dinkominfo' }, verifier: { id: 'dewi.larasati', role: 'verifier', opd: 'dinkominfo' },
}
const holder = { id: 'ratna.pertiwi', username: 'ratna.pertiwi' }

/** Takes a request from filing to its proof by whatever steps its standard has: nothing here knows a region. */
async function walk(here: Office, standard: ServiceStandard, given?: readonly Awaited<ReturnType<Office['letter']>>[]): Promise<{ readonly request: RequestView; readonly serial: string }> {
  const by = (role: RoleName): Actor => persons[role] as Actor
  const filer = by(standard.filing.role)
  const leaf = await here.sandbox.manage.issue({ username: holder.username, key: 'shared' })
  const wanted = standard.letters.filter(({ demand, reasons, within }) => demand === 'mandatory' && reasons === undefined && within === undefined)
  const request = await here.desk.file({
    as: filer, certificate: { certificate: leaf.certificatePem, username: holder.username }, reason: 'mutasi', applicant: { id: filer.id, opd: 'disdik' }, holder,
    letters: given ?? await Promise.all(wanted.map(({ kind }) => here.letter(kind))),
  })
  for (const { command, role } of standard.steps) {
    await here.pass(5 * minute)
    if (command === 'receive') await here.desk.receive(request.id, { as: by(role) })
    if (command === 'dispose') await here.desk.dispose(request.id, { as: by(role), to: by('verifier').id })
    if (command === 'verify') await here.desk.verify(request.id, { as: by(role), findings })
    if (command === 'approve') await here.desk.approve(request.id, { as: by(role) })
  }
  return { request, serial: leaf.serial }
}

async function provenAndClosed(here: Office, { request, serial }: Awaited<ReturnType<typeof walk>>): Promise<RequestView> {
  await here.pass(3 * hour, 10 * minute)
  const view = await here.desk.get(request.id)
  expect(view).toMatchObject({ status: 'closed', proof: { certificate: { serial } } })
  expect(here.sandbox.manage.timesRevoked(serial)).toBe(1)
  expect((await verifyReceipt(await here.desk.receipt(request.id), { anchors: here.sandbox.anchors })).problems).toEqual([])
  return view
}

describe('Kabupaten Tanjung Karsa (invented, WITA): data alone', () => {
  const standard = region('kabupaten-tanjung-karsa')

  test('A.3: from the OPD head\'s letter to the verified receipt; A.4: 2 x 24 hours on the wall from completeness to notification', async () => {
    const here = await open(standard)
    const view = await provenAndClosed(here, await walk(here, standard))
    expect(view.clock).toMatchObject({ state: 'stopped', breached: false, deadline: { kind: 'wallHours', amount: 48 } })
    // Complete when verified, which is after the third pause of the walk.
    expect(view.clock.startedAt).toBe(view.state.passage.find(({ type }) => type === 'verified')?.time)
    expect(Date.parse(view.clock.deadline?.due ?? '') - Date.parse(view.clock.startedAt ?? '')).toBe(48 * hour)
  })

  test('A.2: one letter, many holders: each request has its own fate', async () => {
    const here = await open(standard)
    const letter = await here.letter('requestLetter', 'daftar tiga pemilik')
    const made = []
    for (let count = 0; count < 3; count += 1) made.push(await walk(here, standard, [letter]))
    const digests = await Promise.all(made.map(async ({ request }) => (await here.desk.get(request.id)).state.letters.map(({ sha256 }) => sha256)))
    expect(new Set(digests.flat()).size).toBe(1)
    for (const one of made) await provenAndClosed(here, one)
  })

  test('A.1: suspended on the officer\'s word in AMS, proven as on hold, never called revoked; resumed, and proven active again', async () => {
    const here = await open(standard, { desk: { ams: createAssistedAms() } })
    const { opdHead, verifier } = persons as Record<'opdHead' | 'verifier', Actor>
    const leaf = await here.issue(holder.username)
    const request = await here.desk.file({
      as: opdHead, reason: 'penangguhan', certificate: { certificate: leaf.certificatePem, username: holder.username }, applicant: { id: opdHead.id, opd: 'disdik' }, holder,
      letters: [await here.letter('requestLetter')],
    })
    await here.desk.approve(request.id, { as: verifier, findings })
    await here.pass(5 * minute)
    here.sandbox.manage.suspend(leaf.serial)
    here.sandbox.manage.publish()
    await here.pass(2 * hour, 10 * minute)
    const held = await here.desk.get(request.id)
    expect(held).toMatchObject({ status: 'closed', state: { cameFrom: 'suspended' } })
    expect(held.proof).toBeUndefined()
    expect(here.notices.map(({ subject }) => subject)).toContain('suspended')
    expect(here.notices.map(({ subject }) => subject)).not.toContain('revoked')
    await expect(here.desk.receipt(request.id)).rejects.toMatchObject({ code: expect.any(String) as string })

    await expect(here.desk.resumeCertificate(request.id, { as: { ...verifier, id: opdHead.id } })).rejects.toMatchObject({ refusal: { refused: 'fourEyes' } })
    expect((await here.desk.resumeCertificate(request.id, { as: verifier })).status).toBe('resuming')
    await here.pass(20 * minute, 10 * minute)
    expect((await here.desk.get(request.id)).status).toBe('resuming')
    here.sandbox.manage.resume(leaf.serial)
    here.sandbox.manage.publish()
    await here.pass(2 * hour, 10 * minute)
    expect(await here.desk.get(request.id)).toMatchObject({ status: 'closed', state: { cameFrom: 'resumed' } })
    expect(here.notices.map(({ subject }) => subject)).toContain('resumed')
    await expect(here.desk.resumeCertificate(request.id, { as: verifier })).rejects.toMatchObject({ refusal: { refused: 'notInThisStatus' } })
  })
})

describe('Kota Teluk Sagu (invented, WIT): data alone', () => {
  const standard = region('kota-teluk-sagu')

  test('A.3: the owner files in AMS, the head disposes, answered by letter; A.4: 90 working minutes of the same day', async () => {
    const here = await open(standard)
    const view = await provenAndClosed(here, await walk(here, standard))
    expect(view.clock).toMatchObject({ state: 'stopped', breached: false, deadline: { kind: 'sameDay', amount: 90 } })
    expect(view.state.answers).toBe(1)
    // Tuesday 11.00 WIT and 90 working minutes, the break from 12 to 13 left out.
    expect(view.clock.deadline?.due).toBe('2026-11-24T04:30:00.000Z')
  })

  test('A.4: in Ramadan there is no break; the afternoon ends an hour earlier, and with it the day', async () => {
    const { createWorkingCalendar, deadlineFor, nationalCalendar, withRamadan } = await import('../src/calendar/index.js')
    const holidays = withRamadan(nationalCalendar, [{ from: '2027-02-09', to: '2027-03-10', source: 'Surat edaran wali kota (rekaan)' }])
    const calendar = createWorkingCalendar({ zone: standard.zone, hours: standard.serviceHours, holidays })
    const wit = (text: string): Date => new Date(`${text}:00+09:00`)
    expect(new Date(deadlineFor(standard.timeLimit, wit('2027-02-16T11:00'), calendar).due)).toEqual(wit('2027-02-16T12:30'))
    expect(new Date(deadlineFor(standard.timeLimit, wit('2027-02-16T13:00'), calendar).due)).toEqual(wit('2027-02-16T14:00'))
  })
})
