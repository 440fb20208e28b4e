import { describe, expect, test } from 'vitest'
import { complaintStoreContract, createComplaintDesk, createMemoryComplaintStore, type ComplaintDesk, type ComplaintInput } from '../src/complaint/index.js'
import { exportDesk, makeReport, readExport } from '../src/report/index.js'
import { statuses, type Actor } from '../src/workflow/index.js'
import { findings, offices, people, type Office } from './office.js'

describe('complaint store contract on memory', () => {
  for (const { name, run } of complaintStoreContract(async () => createMemoryComplaintStore())) test(name, run)
})

const openOffice = offices()
const hour = 3_600_000

/** The complaint desk beside a real request desk: one clock, the request's own status in the answers, reopening through the desk. */
async function open(standard: 'kota-pekalongan' | 'kabupaten-purbalingga'): Promise<Office & { readonly complaints: ComplaintDesk }> {
  const here = await openOffice(standard)
  let id = 0
  const complaints = createComplaintDesk({
    standard,
    store: createMemoryComplaintStore(),
    now: () => new Date(here.clock.now).toISOString(),
    ids: () => `c-${(id += 1)}`,
    reopenRequest: (requestId, complaint, as) => here.desk.reopen(requestId, { as, complaint }),
    describeRequest: async (requestId) => {
      const { status, state } = await here.desk.get(requestId)
      return { label: statuses[status], parties: [state.parties.applicant.id] }
    },
  })
  return { ...here, complaints }
}

const head: Actor = { id: 'kepala.dinkominfo', role: 'head', opd: 'dinkominfo' }
const superior: Actor = { id: 'hadi.prakoso', role: 'supervisor', opd: 'dinkominfo' }

describe('Purbalingga Service Delivery 6: a rejection complained about', () => {
  test('the officer complained about is passed over, lateness climbs the chain, the head opens the request again, another officer decides', async () => {
    const here = await open('kabupaten-purbalingga')
    const { desk, complaints } = here
    const { opd, verifier, second } = people.purbalingga
    const leaf = await here.issue('surya.wibisana')
    const request = await desk.file({
      certificate: { certificate: leaf.certificatePem, username: 'surya.wibisana' }, reason: 'mutasi', letters: [await here.letter('requestLetter')], applicant: { id: opd.id, opd: opd.opd },
    })
    await desk.dispose(request.id, { as: head, to: verifier })
    await desk.reject(request.id, { as: verifier, reasons: ['Tidak sesuai'] })
    await desk.answer(request.id, { as: head, letter: await here.letter('answerLetter') })
    await here.pass(60_000)
    expect((await desk.get(request.id)).status).toBe('closed')

    const input: ComplaintInput = {
      channel: 'srikandi', class: 'ringan', text: 'Ditolak tanpa alasan yang jelas', reporter: { id: opd.id, visibility: 'open' }, about: [verifier.id], requestId: request.id,
    }
    const { complaint } = await complaints.file(input, { as: opd })
    await expect(complaints.perform(complaint.id, { type: 'take' }, { as: verifier })).rejects.toMatchObject({ reason: 'complaintAboutSelf' })
    // Three working hours from 09.01 on a Tuesday end at 13.01; then the supervisor has three hours, then the head.
    const promised = complaint.deadline?.due
    const step = async (hours: number): Promise<number> => { here.clock.now += hours * hour; return complaints.escalateOverdue() }
    expect(await step(3)).toBe(0)
    expect(await step(2)).toBe(1)
    expect(await step(1)).toBe(0)
    expect(await step(24)).toBe(1)
    expect(await step(24)).toBe(0)
    expect((await complaints.all())[0]).toMatchObject({ status: 'escalated', level: 2, deadline: { due: promised } })
    await expect(complaints.perform(complaint.id, { type: 'take' }, { as: superior })).rejects.toMatchObject({ reason: 'wrongRole', roles: ['head'] })

    await complaints.perform(complaint.id, { type: 'take' }, { as: head })
    await expect(complaints.reopenRequest(complaint.id, { as: verifier })).rejects.toMatchObject({ reason: 'complaintAboutSelf' })
    await complaints.reopenRequest(complaint.id, { as: head })
    expect((await desk.get(request.id)).status).toBe('verifying')
    await complaints.perform(complaint.id, { type: 'answer', text: await complaints.draft(complaint.id) }, { as: head })
    expect(await complaints.get(complaint.id, { as: opd })).toMatchObject({ status: 'answered', answer: expect.stringContaining(statuses.verifying.id) as string })

    await desk.approve(request.id, { as: second, findings })
    await here.pass(2 * hour, 10 * 60_000)
    expect((await desk.get(request.id)).status).toBe('closed')
    expect(here.sandbox.manage.timesRevoked(leaf.serial)).toBe(1)
    await complaints.perform(complaint.id, { type: 'close' }, { as: head })

    // The quarter as an export of both desks: read back, the chain is whole and the counts are those of the desks.
    const lines: string[] = []
    for await (const line of exportDesk(desk, { complaints: await complaints.all(), survey: [[4, 4, 4, 4, 4, 4, 4, 4, 4]] })) lines.push(line)
    expect(lines.join('\n')).not.toContain(`"${opd.id}"}`)
    const read = await readExport(lines)
    const report = await makeReport({ ...read, standard: desk.standard, period: { from: '2026-10-01', to: '2026-12-31' }, asOf: new Date(here.clock.now).toISOString() })
    expect(report).toMatchObject({
      total: { filed: 1, rejected: 1, proven: 1 }, byReason: [{ key: 'mutasi' }], byOpd: [{ key: opd.opd }],
      complaints: { total: { filed: 1, answered: 1, breached: 1, escalated: 1 } }, survey: { index: 100 },
    })
    const at = lines.findIndex((line) => line.includes('"type":"rejected"'))
    for (const broken of [lines.filter((_, index) => index !== at), lines.map((line, index) => (index === at ? line.replace('verifier', 'head') : line)), lines.filter((line) => !line.startsWith('{"case"'))]) {
      await expect(readExport(broken)).rejects.toMatchObject({ code: 'historyBroken', at: request.id })
    }
  })
})

describe('Pekalongan 6: told too little about a finished revocation', () => {
  test('complaint without a limit, passed on by hand, answered, doubted, the request opened again and told anew', async () => {
    const here = await open('kota-pekalongan')
    const { desk, complaints } = here
    const { owner, verifier, supervisor } = people.pekalongan
    const leaf = await here.issue('ratna.pertiwi')
    const request = await desk.file({
      certificate: { certificate: leaf.certificatePem, username: 'ratna.pertiwi' }, reason: 'pensiun', letters: [await here.letter('reasonStatement')], applicant: { id: owner.id, opd: owner.opd },
    })
    await here.pass(0)
    await desk.approve(request.id, { as: verifier, findings })
    await here.pass(2 * hour, 10 * 60_000)
    expect((await desk.get(request.id)).status).toBe('closed')
    const told = here.notices.length

    const { complaint } = await complaints.file(
      { channel: 'phone', class: 'umum', text: 'Saya belum menerima kabar', reporter: { id: owner.id, visibility: 'open' }, requestId: request.id }, { as: owner },
    )
    here.clock.now += 90 * 24 * hour
    expect(await complaints.escalateOverdue()).toBe(0)
    await complaints.perform(complaint.id, { type: 'take' }, { as: verifier })
    await complaints.perform(complaint.id, { type: 'escalate' }, { as: verifier })
    const official: Actor = { id: 'pejabat.pengaduan', role: 'complaintOfficer', opd: 'dinkominfo' }
    await complaints.perform(complaint.id, { type: 'take' }, { as: official })
    await complaints.perform(complaint.id, { type: 'answer', text: 'Sudah dikirim' }, { as: official })
    await complaints.perform(complaint.id, { type: 'reopen', text: 'Belum ada' }, { as: owner })
    await expect(complaints.perform(complaint.id, { type: 'take' }, { as: official })).rejects.toMatchObject({ reason: 'wrongRole' })
    await complaints.perform(complaint.id, { type: 'take' }, { as: supervisor })
    await complaints.reopenRequest(complaint.id, { as: supervisor })
    expect((await desk.get(request.id)).status).toBe('revoked')
    await here.pass(60_000)
    expect((await desk.get(request.id)).status).toBe('closed')
    expect(here.notices.length).toBe(told + 1)
    expect(here.sandbox.manage.timesRevoked(leaf.serial)).toBe(1)
    await complaints.perform(complaint.id, { type: 'answer', text: 'Dikirim ulang' }, { as: supervisor })
    const closed = await complaints.perform(complaint.id, { type: 'close' }, { as: supervisor })
    expect(closed.complaint.events.map(({ type }) => type)).toEqual(['filed', 'taken', 'escalated', 'taken', 'answered', 'reopened', 'taken', 'answered', 'closed'])
  })
})
