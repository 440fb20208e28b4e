import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Actor } from '../workflow/role.js'
import {
  ComplaintRefusedError,
  createAssistedLapor,
  createComplaintDesk,
  createMemoryComplaintStore,
  escalationChain,
  guardText,
  laporDeadlines,
  toLapor,
  type ComplaintDesk,
  type ComplaintInput,
  type LaporPort,
} from './index.js'
import { createWorkingCalendar } from '../calendar/index.js'
import { loadStandard } from '../standard/index.js'

const officer: Actor = { id: 'p-1', role: 'verifier' }
const other: Actor = { id: 'p-2', role: 'verifier' }
const superior: Actor = { id: 'p-9', role: 'supervisor' }
const head: Actor = { id: 'p-0', role: 'head' }
const citizen: Actor = { id: 'w-1', role: 'applicant' }
const stranger: Actor = { id: 'w-2', role: 'applicant' }

function office(standard: string, start = '2026-11-20T03:00:00.000Z'): { desk: ComplaintDesk; at: (time: string) => void } {
  let now = start
  let id = 0
  const desk = createComplaintDesk({
    standard,
    store: createMemoryComplaintStore(),
    now: () => now,
    ids: () => `c-${(id += 1)}`,
    lapor: createAssistedLapor(),
    describeRequest: async () => ({ label: { id: 'Terbukti dicabut', en: 'Proven revoked' }, parties: ['w-1'] }),
  })
  return {
    desk,
    at: (time) => {
      now = time
    },
  }
}
const input: ComplaintInput = {
  channel: 'phone',
  class: 'ringan',
  text: 'Sertifikat saya belum dicabut',
  reporter: { id: 'w-1', visibility: 'open' },
}

describe('Purbalingga Service Delivery 6', () => {
  it.each([
    ['ringan', '2026-11-20T07:30:00.000Z', 'three working hours over the Friday break'],
    ['normatif', '2026-11-20T09:30:00.000Z', 'five working hours, to the minute of closing'],
    ['tidakBerkadarPengawasan', '2026-11-23T09:00:00.000Z', 'one working day'],
    ['berkadarPengawasan', '2027-01-07T09:00:00.000Z', '30 working days'],
  ])('6.c: %s is due %s (%s)', async (kind, due) => {
    const { desk } = office('kabupaten-purbalingga')
    const { complaint } = await desk.file({ ...input, class: kind }, { as: citizen })
    expect(complaint.deadline).toMatchObject({ due, calendar: 'id-national@2026-09-15#4' })
  })

  it('6.b: goes through BSrE and back, then is answered', async () => {
    const { desk } = office('kabupaten-purbalingga')
    const { complaint } = await desk.file(input, { as: citizen })
    for (const command of [
      { type: 'take' },
      { type: 'passToBsre' },
      { type: 'recordBsreAnswer', text: 'Sudah dicabut' },
      { type: 'answer', text: 'Sudah selesai' },
      { type: 'close' },
    ] as const) {
      await desk.perform(complaint.id, command, { as: officer })
    }
    const view = await desk.get(complaint.id, { as: citizen })
    expect(view).toMatchObject({ status: 'closed', answer: 'Sudah selesai', number: 'ADU-2026-00001' })
    expect(view.events.map(({ type }) => type)).toEqual(['filed', 'taken', 'passedToBsre', 'bsreAnswered', 'answered', 'closed'])
    // The public learns offices, not officers.
    expect(JSON.stringify(view)).not.toContain('p-1')
  })

  it('6.a: refuses a channel or class the standard does not have', async () => {
    const { desk } = office('kabupaten-purbalingga')
    await expect(desk.file({ ...input, channel: 'website' }, { as: citizen })).rejects.toMatchObject({
      code: 'complaintInvalid',
      at: 'channel',
    })
    await expect(desk.file({ ...input, class: 'gawat' }, { as: citizen })).rejects.toMatchObject({ code: 'complaintInvalid', at: 'class' })
    await expect(desk.file({ ...input, text: ' ' }, { as: citizen })).rejects.toMatchObject({ code: 'complaintInvalid', at: 'text' })
  })
})

describe('Pekalongan 6', () => {
  it('has one class without a limit, and passes what is unsolved to the complaints official (6.b.3)', async () => {
    const { desk } = office('kota-pekalongan')
    const { complaint } = await desk.file({ ...input, channel: 'faceToFace', class: 'umum' }, { as: citizen })
    expect(complaint.deadline).toBeUndefined()
    await desk.perform(complaint.id, { type: 'take' }, { as: officer })
    const { complaint: passed } = await desk.perform(complaint.id, { type: 'escalate', note: 'tidak selesai' }, { as: officer })
    expect(passed).toMatchObject({ status: 'escalated', level: 1 })
    expect(passed.handler).toBeUndefined()
    await expect(desk.perform(complaint.id, { type: 'take' }, { as: officer })).rejects.toMatchObject({
      reason: 'wrongRole',
      roles: ['complaintOfficer', 'supervisor', 'head'],
    })
    expect((await desk.perform(complaint.id, { type: 'take' }, { as: { id: 'p-5', role: 'complaintOfficer' } })).complaint.status).toBe(
      'handled',
    )
  })

  it.each([
    ['kota-pekalongan', ['verifier', 'complaintOfficer', 'supervisor', 'head']],
    ['kabupaten-purbalingga', ['verifier', 'supervisor', 'head']],
  ])('%s: chain from component 6, then component 10, then the head', (id, chain) => {
    expect(escalationChain(loadStandard(id))).toEqual(chain)
  })
})

describe('nobody handles a complaint about themselves', () => {
  it('not under any role; a colleague or the superior does', async () => {
    const { desk } = office('kabupaten-purbalingga')
    const { complaint } = await desk.file({ ...input, about: ['p-1'] }, { as: citizen })
    for (const role of ['verifier', 'supervisor', 'head'] as const) {
      await expect(desk.perform(complaint.id, { type: 'take' }, { as: { id: 'p-1', role } })).rejects.toMatchObject({
        reason: 'complaintAboutSelf',
      })
    }
    await expect(desk.get(complaint.id, { as: officer })).rejects.toMatchObject({ code: 'complaintNotFound' })
    expect(await desk.list({ as: officer })).toEqual([])
    await desk.perform(complaint.id, { type: 'take' }, { as: other })
    await expect(desk.perform(complaint.id, { type: 'answer', text: 'x' }, { as: officer })).rejects.toBeInstanceOf(ComplaintRefusedError)
    await expect(desk.reopenRequest(complaint.id, { as: officer })).rejects.toMatchObject({ code: 'complaintInvalid' })
  })
})

describe('hidden reporters', () => {
  it('anonymous: no id anywhere, not even in the history', async () => {
    const { desk } = office('kabupaten-purbalingga')
    const { complaint } = await desk.file(
      { ...input, reporter: { visibility: 'anonymous', id: 'w-1', contact: { channel: 'phone', to: '081234567890' } } },
      { as: citizen },
    )
    expect(JSON.stringify(complaint)).not.toMatch(/w-1|0812/)
  })

  it('secret: the handler and the superior see the reporter, colleagues do not', async () => {
    const { desk } = office('kabupaten-purbalingga')
    const { complaint } = await desk.file({ ...input, reporter: { visibility: 'secret', id: 'w-1' } }, { as: citizen })
    await desk.perform(complaint.id, { type: 'take' }, { as: officer })
    for (const [actor, sees] of [
      [officer, true],
      [superior, true],
      [head, true],
      [other, false],
    ] as const) {
      expect(JSON.stringify(await desk.get(complaint.id, { as: actor })).includes('w-1'), actor.id).toBe(sees)
    }
  })

  it("third parties see neither the complaint nor, through their own, a holder's request", async () => {
    const { desk } = office('kabupaten-purbalingga')
    const { complaint: own } = await desk.file({ ...input, requestId: 'r-1' }, { as: citizen })
    const { complaint: foreign } = await desk.file(
      { ...input, requestId: 'r-1', reporter: { id: 'w-2', visibility: 'open' } },
      { as: stranger },
    )
    await expect(desk.get(own.id, { as: stranger })).rejects.toMatchObject({ code: 'complaintNotFound' })
    expect((await desk.get(own.id, { as: citizen })).requestId).toBe('r-1')
    expect((await desk.get(foreign.id, { as: stranger })).requestId).toBeUndefined()
    expect(await desk.draft(own.id)).toContain('Terbukti dicabut')
    expect(await desk.draft(foreign.id)).not.toContain('dicabut')
  })
})

describe('acts', () => {
  it('overdue complaints go one step higher by themselves, and not again until another limit has passed', async () => {
    const { desk, at } = office('kabupaten-purbalingga')
    const { complaint } = await desk.file(input, { as: citizen })
    expect(await desk.escalateOverdue()).toBe(0)
    at('2026-11-20T09:30:00.001Z')
    expect(await desk.escalateOverdue()).toBe(1)
    expect(await desk.escalateOverdue()).toBe(0)
    await expect(desk.perform(complaint.id, { type: 'take' }, { as: officer })).rejects.toMatchObject({ reason: 'wrongRole' })
    expect((await desk.perform(complaint.id, { type: 'take' }, { as: superior })).complaint.handler).toEqual({
      id: 'p-9',
      role: 'supervisor',
    })
  })

  it('a dissatisfied complainant reopens, one step above who answered; nobody else may', async () => {
    const { desk } = office('kabupaten-purbalingga')
    const { complaint } = await desk.file(input, { as: citizen })
    await desk.perform(complaint.id, { type: 'take' }, { as: officer })
    await desk.perform(complaint.id, { type: 'answer', text: 'Sudah' }, { as: officer })
    await expect(desk.perform(complaint.id, { type: 'reopen', text: 'Belum' }, { as: stranger })).rejects.toMatchObject({
      reason: 'notTheReporter',
    })
    expect((await desk.perform(complaint.id, { type: 'reopen', text: 'Belum' }, { as: citizen })).complaint).toMatchObject({
      status: 'escalated',
      level: 1,
    })
  })

  it('only the handler acts, or someone above; two at once conflict', async () => {
    const { desk } = office('kabupaten-purbalingga')
    const { complaint } = await desk.file(input, { as: citizen })
    await desk.perform(complaint.id, { type: 'take' }, { as: officer, ifVersion: 1 })
    await expect(desk.perform(complaint.id, { type: 'take' }, { as: other, ifVersion: 1 })).rejects.toMatchObject({
      code: 'complaintConflict',
    })
    await expect(desk.perform(complaint.id, { type: 'answer', text: 'x' }, { as: other })).rejects.toMatchObject({
      reason: 'notTheHandler',
    })
    await desk.perform(complaint.id, { type: 'answer', text: 'dari atasan' }, { as: superior })
  })

  it('reclassifying computes the deadline from the filing anew', async () => {
    const { desk, at } = office('kabupaten-purbalingga')
    const { complaint } = await desk.file(input, { as: citizen })
    at('2026-11-20T04:00:00.000Z')
    await desk.perform(complaint.id, { type: 'take' }, { as: officer })
    const { complaint: changed } = await desk.perform(
      complaint.id,
      { type: 'classify', class: 'berkadarPengawasan', note: 'perlu pemeriksaan' },
      { as: officer },
    )
    expect(changed).toMatchObject({ class: 'berkadarPengawasan', deadline: { due: '2027-01-07T09:00:00.000Z', start: complaint.filedAt } })
    await expect(desk.perform(complaint.id, { type: 'classify', class: 'gawat' }, { as: officer })).rejects.toMatchObject({
      reason: 'unknownClass',
    })
  })

  it('in the past or out of order are refused', async () => {
    const { desk, at } = office('kabupaten-purbalingga')
    const { complaint } = await desk.file(input, { as: citizen })
    await expect(desk.perform(complaint.id, { type: 'answer', text: 'x' }, { as: officer })).rejects.toMatchObject({
      reason: 'notInThisState',
    })
    at('2026-11-19T00:00:00.000Z')
    await expect(desk.perform(complaint.id, { type: 'take' }, { as: officer })).rejects.toMatchObject({ reason: 'inThePast' })
    await expect(desk.perform('nowhere', { type: 'take' }, { as: officer })).rejects.toMatchObject({ code: 'complaintNotFound' })
  })
})

describe('the guard', () => {
  it.each([
    ['NIK saya 3375014101900001.', 'NIK saya [nomor identitas dihapus].', 'identityNumber'],
    ['NIK 3375 0141 0190 0001', 'NIK [nomor identitas dihapus]', 'identityNumber'],
    ['NIK 33.75.01.41.01.90.00.01', 'NIK [nomor identitas dihapus]', 'identityNumber'],
    [
      'NIK \uFF13\uFF13\uFF17\uFF15\uFF10\uFF11\uFF14\uFF11\uFF10\uFF11\uFF19\uFF10\uFF10\uFF10\uFF10\uFF11',
      'NIK [nomor identitas dihapus]',
      'identityNumber',
    ],
    [
      'NIK \u0663\u0663\u0667\u0665\u0660\u0661\u0664\u0661\u0660\u0661\u0669\u0660\u0660\u0660\u0660\u0661',
      'NIK [nomor identitas dihapus]',
      'identityNumber',
    ],
    ['NIK 3375\u200B0141\u200B0190\u200B0001', 'NIK [nomor identitas dihapus]', 'identityNumber'],
    ['NIP 199001012015032001', 'NIP [nomor identitas dihapus]', 'identityNumber'],
    ['WA 0812-3456-7890 ya', 'WA [telepon dihapus] ya', 'phone'],
    ['hubungi +62 812 3456 7890', 'hubungi [telepon dihapus]', 'phone'],
    ['surel sari@contoh.go.id', 'surel [surel dihapus]', 'email'],
    ['KTP: https://drive.google.com/file/d/abc', 'KTP: [tautan dokumen dihapus]', 'documentLink'],
    ['foto bit.ly/ktp-saya', 'foto [tautan dokumen dihapus]', 'documentLink'],
    ['https://dinas.contoh.go.id/berkas/ktp.jpg', '[tautan dokumen dihapus]', 'documentLink'],
    ['passphrase saya adalah Rahasia123', '[rahasia dihapus]', 'secret'],
    ['kata sandi: abc', '[rahasia dihapus]', 'secret'],
  ])('%s', (text, expected, kind) => {
    const guarded = guardText(text)
    expect(guarded.text).toBe(expected)
    expect(guarded.removed).toEqual([expect.objectContaining({ kind, count: 1 })])
  })

  it('leaves office numbers, letter numbers, dates, serials and official pages alone', () => {
    const text =
      'Surat 000.8.3.3/15/OR tanggal 20-11-2026 pukul 10.30, telepon (0281) 8902091, serial a1b2c3d4e5f60718293a4b5c6d7e8f9012345678, https://www.lapor.go.id dan https://kominfo.contoh.go.id/layanan'
    expect(guardText(text)).toEqual({ text, removed: [] })
  })

  it('lets no NIK through in any writing, and is done in linear time', () => {
    const separators = fc.constantFrom('', ' ', '.', '-')
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 16, maxLength: 16 }),
        fc.array(separators, { minLength: 16, maxLength: 16 }),
        (digits, between) => {
          const written = digits.map((digit, index) => `${digit}${index < 15 ? between[index] : ''}`).join('')
          return !guardText(`nomor ${written} itu`).text.includes(written)
        },
      ),
      { numRuns: 2_000 },
    )
    // Processor time: the wall belongs to whatever else the machine is doing.
    const begin = process.cpuUsage()
    for (const hard of [
      '1'.repeat(60_000),
      'a@'.repeat(30_000),
      'www.'.repeat(15_000),
      'passphrase saya '.repeat(4_000),
      '1 '.repeat(30_000),
      'a.'.repeat(30_000) + '@',
    ])
      guardText(hard)
    expect(process.cpuUsage(begin).user).toBeLessThan(3_000_000)
  })

  it('runs on what is filed and answered, and says what it removed', async () => {
    const { desk } = office('kabupaten-purbalingga')
    const { complaint, removed } = await desk.file({ ...input, text: 'NIK saya 3375014101900001, telepon 081234567890' }, { as: citizen })
    expect(complaint.text).toBe('NIK saya [nomor identitas dihapus], telepon [telepon dihapus]')
    expect(removed.map(({ kind, count, id }) => [kind, count, id])).toEqual([
      ['identityNumber', 1, 'NIK, NIP, atau nomor identitas lain'],
      ['phone', 1, 'nomor telepon pribadi'],
    ])
    await desk.perform(complaint.id, { type: 'take' }, { as: officer })
    expect(
      (await desk.perform(complaint.id, { type: 'answer', text: 'surel ke sari@contoh.go.id' }, { as: officer })).complaint.answer,
    ).toBe('surel ke [surel dihapus]')
  })
})

describe('SP4N-LAPOR without an SPLP key', () => {
  it('says what a person does, hands out the checked text, records the number', async () => {
    const { desk } = office('kabupaten-purbalingga')
    const { complaint } = await desk.file({ ...input, reporter: { id: 'w-1', visibility: 'secret' } }, { as: citizen })
    const outcome = await desk.sendToLapor(complaint.id, { as: officer, institutionId: '1102' })
    expect(outcome).toMatchObject({ outcome: 'byHand', copy: 'Sertifikat saya belum dicabut\n\nSertifikat saya belum dicabut' })
    expect(toLapor(complaint, '1102').lapor).toMatchObject({ classification: 'Pengaduan', anonymous: false, secret: true })
    await desk.perform(complaint.id, { type: 'take' }, { as: officer })
    expect((await desk.perform(complaint.id, { type: 'recordLapor', ticket: '90000001' }, { as: officer })).complaint.laporTicket).toBe(
      '90000001',
    )
  })
})

describe('sending to SP4N-LAPOR', () => {
  const answering = (send: LaporPort['send']): { desk: ComplaintDesk; sent: () => number } => {
    let sent = 0
    let id = 0
    const desk = createComplaintDesk({
      standard: 'kabupaten-purbalingga', store: createMemoryComplaintStore(), now: () => '2026-11-20T03:00:00.000Z', ids: () => `c-${(id += 1)}`,
      lapor: { ...createAssistedLapor(), send: (...given) => { sent += 1; return send(...given) } },
    })
    return { desk, sent: () => sent }
  }
  const to = { as: officer, institutionId: '1102' }

  it('once, however many try, and not by whoever may not act on it', async () => {
    const { desk, sent } = answering(async () => ({ outcome: 'accepted', ticket: '90000001' }))
    const { complaint } = await desk.file({ ...input, about: ['p-2'] }, { as: citizen })
    await expect(desk.sendToLapor(complaint.id, { ...to, as: stranger })).rejects.toMatchObject({ reason: 'wrongRole' })
    await expect(desk.sendToLapor(complaint.id, { ...to, as: other })).rejects.toMatchObject({ reason: 'complaintAboutSelf' })
    expect(sent()).toBe(0)
    const both = await Promise.allSettled([desk.sendToLapor(complaint.id, to), desk.sendToLapor(complaint.id, { ...to, as: superior })])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(sent()).toBe(1)
    await expect(desk.sendToLapor(complaint.id, to)).rejects.toMatchObject({ reason: 'alreadyAtLapor' })
    const [kept] = await desk.all()
    expect(kept).toMatchObject({ laporTicket: '90000001', status: 'filed' })
    expect(kept?.laporPending).toBeUndefined()
    expect(kept?.events.map(({ type, actor }) => `${type} ${actor.id}`).slice(1)).toEqual([expect.stringMatching(/^laporStarted p-[19]$/), 'sentToLapor system'])
  })

  it('not again while nobody knows whether it arrived: somebody looks there first', async () => {
    for (const lost of [async () => ({ outcome: 'unknown', detail: 'timeout' }) as const, async () => { throw new Error('broken line') }]) {
      const { desk, sent } = answering(lost)
      const { complaint } = await desk.file(input, { as: citizen })
      await desk.sendToLapor(complaint.id, to).catch((error: unknown) => expect(error).toMatchObject({ message: 'broken line' }))
      expect((await desk.all())[0]?.laporPending).toBe('unknown')
      await expect(desk.sendToLapor(complaint.id, to)).rejects.toMatchObject({ reason: 'laporPending' })
      expect(sent()).toBe(1)
      await desk.perform(complaint.id, { type: 'endLapor', outcome: 'notSent' }, { as: officer })
      await expect(desk.perform(complaint.id, { type: 'endLapor', outcome: 'notSent' }, { as: officer })).rejects.toMatchObject({ reason: 'nothingPending' })
      await desk.sendToLapor(complaint.id, to).catch(() => undefined)
      expect(sent()).toBe(2)
      // Or it had arrived: the number found there is recorded, and another number is none of this complaint's.
      await desk.perform(complaint.id, { type: 'recordLapor', ticket: '90000002' }, { as: officer })
      await expect(desk.perform(complaint.id, { type: 'recordLapor', ticket: '90000003' }, { as: officer })).rejects.toMatchObject({ reason: 'alreadyAtLapor' })
    }
  })

  it('refused there: may be sent again; the outcome is kept although the complaint was passed on meanwhile', async () => {
    const { desk, sent } = answering(async () => {
      await desk.perform('c-1', { type: 'escalate' }, { as: officer })
      return { outcome: 'refused', status: 422, message: 'kurang lengkap' }
    })
    await desk.file(input, { as: citizen })
    expect(await desk.sendToLapor('c-1', to)).toMatchObject({ outcome: 'refused', status: 422 })
    expect((await desk.all())[0]?.events.map(({ type }) => type)).toEqual(['filed', 'laporStarted', 'escalated', 'laporEnded'])
    expect(sent()).toBe(1)
    expect((await desk.all())[0]?.laporPending).toBeUndefined()
  })
})

it("SP4N-LAPOR keeps two clocks of its own: the portal's steps, and completion by class", () => {
  const calendar = createWorkingCalendar({ zone: 'WIB', hours: loadStandard('kabupaten-purbalingga').serviceHours })
  const due = (kind: Parameters<typeof laporDeadlines>[1]): readonly string[] =>
    laporDeadlines('2026-11-20T03:00:00.000Z', kind, calendar).map(
      ({ step, deadline, confirmed }) => `${step} ${deadline.due.slice(0, 10)}${confirmed ? '' : ' ?'}`,
    )
  expect(due('information')).toEqual(['verify 2026-11-25 ?', 'act 2026-11-27 ?', 'respond 2026-12-04 ?', 'complete 2026-11-27'])
  expect(due('nonSupervisory').at(-1)).toBe('complete 2026-12-10')
  expect(due('supervisory').at(-1)).toBe('complete 2027-02-19')
})
