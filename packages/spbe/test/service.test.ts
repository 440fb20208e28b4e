import { unzipReceipt, verifyReceipt } from '@cabut/sdk/receipt'
import { afterEach, describe, expect, it } from 'vitest'
import { createSpbeHandler } from '../src/index.js'
import { findings, freshKey, mapping, openPortal, people, type Portal } from './portal.js'

let portal: Portal
afterEach(async () => portal.close())
const hour = 3_600_000

/** Gives a command on the newest version and expects it done. */
async function act(id: string, command: string, as: (typeof people)[keyof typeof people], json: unknown = {}): Promise<Record<string, unknown>> {
  const etag = (await portal.call('GET', `/v1/requests/${id}`, { as })).headers.get('etag') ?? undefined
  const answer = await portal.call('POST', `/v1/requests/${id}/${command}`, { as, json, ifMatch: etag })
  const body = await answer.json() as Record<string, unknown>
  expect(answer.status, `${command}: ${JSON.stringify(body)}`).toBe(200)
  return body
}

describe('the whole service over HTTP, faults on', () => {
  it('Kabupaten Purbalingga: OPD files, head disposes, verifier decides, proven, receipt verified', async () => {
    portal = await openPortal()
    const { id, json, leaf } = await portal.filed()
    expect(json).toMatchObject({ status: 'submitted', statusLabel: 'Diajukan', reason: 'mutasi', certificate: { serial: leaf.serial }, parties: { applicant: { id: 'surya.wibisana', opd: 'dindik' } } })
    await portal.pass(0)
    await act(id, 'dispose', people.head, { to: 'tegar.maulana' })
    expect(await act(id, 'approve', people.verifier, { findings })).toMatchObject({ status: 'approved', approval: { by: 'tegar.maulana' } })
    await portal.pass(30 * 60_000)
    const waiting = await (await portal.call('GET', `/v1/requests/${id}`, { as: people.opd })).json() as Record<string, unknown>
    expect(waiting).toMatchObject({ status: 'awaitingProof', statusLabel: 'Dicabut menurut AMS, menunggu bukti' })
    expect(waiting).not.toHaveProperty('proof')
    const early = await portal.call('GET', `/v1/requests/${id}/receipt`, { as: people.opd })
    expect([early.status, await early.json()]).toEqual([409, expect.objectContaining({ code: 'requestNotProven' })])
    await portal.pass(3 * hour, 10 * 60_000)

    const done = await (await portal.call('GET', `/v1/requests/${id}`, { as: people.opd, headers: { 'accept-language': 'en' } })).json() as Record<string, unknown>
    expect(done).toMatchObject({ status: 'closed', statusLabel: 'Closed', proof: { revocationDate: expect.any(String) as string } })
    for (const form of ['full', 'public'] as const) {
      const download = await portal.call('GET', `/v1/requests/${id}/receipt?form=${form}`, { as: people.opd })
      expect(download.headers.get('content-type')).toBe('application/zip')
      expect(download.headers.get('content-disposition')).toMatch(/^attachment; filename="bukti-pencabutan-P-[0-9a-f]+(-publik)?\.zip"$/)
      const files = unzipReceipt(new Uint8Array(await download.arrayBuffer()))
      expect(await verifyReceipt(files, { anchors: portal.sandbox.anchors })).toMatchObject({ valid: true, problems: [], receipt: { form, caseId: id } })
    }
    expect(portal.sandbox.manage.timesRevoked(leaf.serial)).toBe(1)

    const ticket = await (await portal.call('GET', `/v1/requests/${id}/ticket`, { as: people.opd })).json() as { timeline: { label: string; event: string }[] }
    expect(ticket).toMatchObject({ code: done['register'], service_id: 'pencabutan-sertifikat-elektronik', requester: 'dindik', status: 'closed', status_label: 'Selesai', due_at: expect.stringMatching(/Z$/) as string })
    expect(ticket.timeline.map(({ label }) => label)).toEqual(expect.arrayContaining(['Permohonan diajukan', 'Didisposisikan', 'Disetujui', 'Dicabut menurut AMS, menunggu bukti', 'Terbukti', 'Selesai']))
    const history = await (await portal.call('GET', `/v1/requests/${id}/history`, { as: people.opd })).json() as { items: { seq: number }[] }
    expect(history.items.map(({ seq }) => seq)).toEqual(history.items.map((_, index) => index + 1))
    // Nothing personal in any of them.
    expect(JSON.stringify([done, ticket, history])).not.toMatch(/Surya Wibisana/)
    const proofBytes = await portal.call('GET', `/v1/requests/${id}/evidence/${(done['proof'] as { sha256: string }).sha256}`, { as: people.opd })
    expect(proofBytes.status).toBe(200)
  })

  it('Kota Pekalongan: the owner files, another owner of the same OPD sees nothing, the verifier approves', async () => {
    portal = await openPortal({ standard: 'kota-pekalongan' })
    const leaf = await portal.issue('ratna.pertiwi')
    const form = await portal.filing(leaf, { certificate: { part: 'sertifikat', username: 'ratna.pertiwi' }, reason: 'pensiun', letters: [{ part: 'surat', kind: 'reasonStatement' }] })
    const answer = await portal.call('POST', '/v1/requests', { as: people.holder, form })
    const { id } = await answer.json() as { id: string }
    expect(answer.status).toBe(201)
    expect(answer.headers.get('location')).toBe(`/v1/requests/${id}`)
    expect((await portal.call('GET', `/v1/requests/${id}`, { as: people.otherHolder })).status).toBe(404)
    expect(await (await portal.call('GET', '/v1/requests', { as: people.otherHolder })).json()).toEqual({ items: [], next: null })
    await portal.pass(10 * 60_000)
    const dewi = { sub: 'dewi.larasati', opd: 'dinkominfo', roles: ['verifikator'] } as never
    await act(id, 'verify', dewi, { findings })
    await act(id, 'approve', dewi)
    await portal.pass(4 * hour, 10 * 60_000)
    expect(await (await portal.call('GET', `/v1/requests/${id}`, { as: people.holder })).json()).toMatchObject({ status: 'closed', proof: { source: expect.any(String) as string } })
    expect(portal.sandbox.manage.timesRevoked(leaf.serial)).toBe(1)
  })

  it('returned for a new letter, the letter attached, submitted again, rejected', async () => {
    portal = await openPortal()
    const { id } = await portal.filed()
    await portal.pass(0)
    await act(id, 'dispose', people.head, { to: 'tegar.maulana' })
    await act(id, 'cancel-disposition', people.head)
    await act(id, 'dispose', people.head, { to: 'ningrum.sekar' })
    await act(id, 'redispose', people.head, { to: 'tegar.maulana' })
    await act(id, 'verify', people.verifier, { findings: { ...findings, data: 'mismatch' } })
    expect(await act(id, 'return', people.verifier, { reasons: ['Nama tidak sesuai'] })).toMatchObject({ status: 'returned' })
    const form = new FormData()
    form.append('request', JSON.stringify({ letter: { part: 'baru', kind: 'requestLetter' } }))
    form.append('baru', new Blob([`%PDF-1.4\nsurat baru\n%%EOF\n`], { type: 'application/pdf' }), '../../etc/passwd')
    const etag = (await portal.call('GET', `/v1/requests/${id}`, { as: people.opd })).headers.get('etag') ?? undefined
    const attached = await portal.call('POST', `/v1/requests/${id}/letters`, { as: people.opd, form, ifMatch: etag })
    const view = await attached.json() as { letters: { sha256: string }[] }
    expect([attached.status, view.letters.length]).toEqual([200, 2])
    // The name somebody gave a file is used nowhere: not in storage, not in the download.
    const download = await portal.call('GET', `/v1/requests/${id}/evidence/${view.letters[1]?.sha256}`, { as: people.opd })
    expect(download.headers.get('content-disposition')).toBe(`attachment; filename="${view.letters[1]?.sha256}.pdf"`)
    expect(await download.text()).toBe('%PDF-1.4\nsurat baru\n%%EOF\n')
    await act(id, 'submit', people.opd)
    expect(JSON.stringify(await portal.desk.history(id))).not.toContain('passwd')
  })

  it('a list is paged by cursor, each request once, whatever is filed between pages', async () => {
    portal = await openPortal()
    const ids = new Set<string>()
    for (let count = 0; count < 5; count++) ids.add((await portal.filed()).id)
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page = await (await portal.call('GET', `/v1/requests?limit=2&status=submitted,disposed${cursor === '' ? '' : `&cursor=${cursor}`}`, { as: people.verifier })).json() as { items: { id: string }[]; next: string | null }
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.next
    }
    expect(seen).toEqual([...ids].sort())
    for (const query of ['limit=0', 'limit=201', 'limit=x', 'cursor=!!']) {
      const answer = await portal.call('GET', `/v1/requests?${query}`, { as: people.verifier })
      expect([query, answer.status >= 400 && answer.status < 500]).toEqual([query, true])
    }
    expect(await (await portal.call('GET', '/v1/requests?cursor=MTow', { as: people.stranger })).json()).toEqual({ items: [], next: null })
  })

  it('personal values: to the applicant, and to the officer whose turn it is; every look is in the trail', async () => {
    portal = await openPortal()
    const { id } = await portal.filed()
    const look = async (as: (typeof people)[keyof typeof people]): Promise<[number, unknown]> => {
      const answer = await portal.call('GET', `/v1/requests/${id}/personal`, { as })
      return [answer.status, await answer.json()]
    }
    expect(await look(people.opd)).toMatchObject([200, { values: expect.any(Object) as object }])
    expect(JSON.stringify(await look(people.opd))).toContain('Surya Wibisana')
    expect(await look(people.verifier)).toMatchObject([403, { code: 'spbeForbidden' }])
    expect(await look(people.neighbour)).toMatchObject([403, { code: 'spbeForbidden' }])
    expect(await look(people.stranger)).toMatchObject([404, { code: 'requestNotFound' }])
    await portal.pass(0)
    await act(id, 'dispose', people.head, { to: 'tegar.maulana' })
    expect((await look(people.verifier))[0]).toBe(200)
    const looks = portal.trail.filter(({ operation }) => operation === 'readPersonal')
    expect(looks.map(({ person, status }) => [person, status])).toEqual([
      ['surya.wibisana', 200], ['surya.wibisana', 200], ['tegar.maulana', 403], ['rekan.satu.opd', 403], ['orang.opd.lain', 404], ['tegar.maulana', 200],
    ])
    expect(JSON.stringify(portal.trail)).not.toContain('Surya Wibisana')
  })

  it('complaints: filed, guarded, hidden, never handled by the person they are about', async () => {
    portal = await openPortal()
    const { id } = await portal.filed()
    const input = { channel: 'srikandi', class: 'ringan', text: 'Belum ada kabar, hubungi 081234567890.', requestId: id, about: ['tegar.maulana'], visibility: 'secret' }
    const filed = await portal.call('POST', '/v1/complaints', { as: people.opd, json: input })
    const complaint = await filed.json() as { id: string }
    expect([filed.status, complaint]).toMatchObject([201, {
      number: 'ADU-2026-00001', status: 'filed', statusLabel: 'Diterima, belum ditangani', reporter: { id: 'surya.wibisana', visibility: 'secret' }, dueAt: expect.stringMatching(/Z$/) as string,
      text: 'Belum ada kabar, hubungi [telepon dihapus].', removed: [{ kind: 'phone', count: 1, message: 'nomor telepon pribadi' }],
    }])
    const path = `/v1/complaints/${complaint.id}`
    const act = async (as: (typeof people)[keyof typeof people], command: string, json: unknown = {}): Promise<[number, Record<string, unknown>]> => {
      const answer = await portal.call('POST', `${path}/${command}`, { as, json })
      return [answer.status, await answer.json() as Record<string, unknown>]
    }
    expect((await (await portal.call('GET', path, { as: people.second })).json() as { reporter: object }).reporter).toEqual({ visibility: 'secret' })
    for (const as of [people.verifier, people.stranger, people.neighbour]) {
      expect((await portal.call('GET', path, { as })).status).toBe(404)
      expect(await act(as, 'take')).toMatchObject([404, { code: 'complaintNotFound' }])
      expect(await (await portal.call('GET', '/v1/complaints', { as })).json()).toEqual({ items: [] })
    }
    expect(await act(people.opd, 'answer', { text: 'x' })).toMatchObject([409, { code: 'complaintRefused', refusal: { code: 'notInThisState' } }])
    expect(await act(people.opd, 'take')).toMatchObject([409, { code: 'complaintRefused', refusal: { code: 'wrongRole', roles: expect.arrayContaining(['verifier']) as string[] } }])
    expect(await act(people.second, 'take')).toMatchObject([200, { status: 'handled' }])
    expect(await act(people.second, 'answer', { text: 'Sedang diproses.' })).toMatchObject([200, { status: 'answered', answer: 'Sedang diproses.' }])
    expect(await (await portal.call('GET', '/v1/complaints', { as: people.opd })).json()).toMatchObject({ items: [{ id: complaint.id, answer: 'Sedang diproses.' }] })
    expect(await act(people.opd, 'reopen', { text: 'Belum jelas.' })).toMatchObject([200, { status: 'escalated' }])
    // About somebody else's request nobody may even ask.
    expect((await portal.call('POST', '/v1/complaints', { as: people.stranger, json: input })).status).toBe(404)
    expect((await portal.call('POST', '/v1/complaints', { as: people.opd, json: { ...input, class: 'lain' } })).status).toBe(422)

    const anonymous = await (await portal.call('POST', '/v1/complaints', { as: people.opd, json: { channel: 'srikandi', class: 'ringan', text: 'Ada yang tidak beres.', visibility: 'anonymous' } })).json() as { id: string; key: string }
    expect(anonymous).toMatchObject({ reporter: { visibility: 'anonymous' }, key: expect.stringMatching(/^[0-9a-f]{64}$/) as string })
    const own = `/v1/complaints/${anonymous.id}`
    expect((await portal.call('GET', own, { as: people.opd })).status).toBe(404)
    expect((await portal.call('GET', own, { as: people.opd, headers: { 'complaint-key': anonymous.key } })).status).toBe(200)
    // A key opens its own complaint only, and only an anonymous one.
    expect((await portal.call('GET', path, { as: people.stranger, headers: { 'complaint-key': anonymous.key } })).status).toBe(404)
    expect((await portal.call('GET', own, { as: people.opd, headers: { 'complaint-key': `${anonymous.key.slice(1)}0` } })).status).toBe(404)
    expect(portal.trail.filter(({ operation }) => operation === 'fileComplaint').at(-1)).not.toHaveProperty('person')
  })

  it('idempotent filing: the same key gives the same request; another body is refused; a lost answer is found again', async () => {
    portal = await openPortal()
    const leaf = await portal.issue('surya.wibisana')
    const key = freshKey()
    const send = async (change = {}): Promise<Response> => portal.call('POST', '/v1/requests', { as: people.opd, form: await portal.filing(leaf, change), key })
    const answers = [await send(), await send(), await send()]
    const bodies = await Promise.all(answers.map((answer) => answer.json() as Promise<{ id: string }>))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(answers.map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([null, 'true', 'true'])
    expect(bodies[1]).toEqual(bodies[0])
    const other = await send({ reason: 'pensiun' })
    expect([other.status, await other.json()]).toMatchObject([422, { code: 'spbeIdempotencyKeyReused' }])
    // Another person's key of the same text is another key.
    const neighbour = await portal.call('POST', '/v1/requests', { as: people.neighbour, form: await portal.filing(leaf), key })
    expect(await neighbour.json()).not.toMatchObject({ id: bodies[0]?.id })

    const restarted = createSpbeHandler({
      desk: portal.desk, clock: () => new Date(portal.clock.now), fetch: portal.issuer.fetch,
      issuers: [{ issuer: portal.issuer.issuer, audience: 'cabut', keys: { url: portal.issuer.jwksUrl }, claims: mapping }],
    })
    const again = await restarted.fetch(new Request('https://portal.contoh.go.id/v1/requests', {
      method: 'POST', body: await portal.filing(leaf), headers: { authorization: `Bearer ${await portal.token(people.opd)}`, 'idempotency-key': key },
    }))
    expect([again.status, again.headers.get('idempotent-replayed'), (await again.json() as { id: string }).id]).toEqual([200, 'true', bodies[0]?.id])
    const list = await (await portal.call('GET', '/v1/requests', { as: people.opd })).json() as { items: { parties: { applicant: { id: string } } }[] }
    expect(list.items.filter(({ parties }) => parties.applicant.id === 'surya.wibisana')).toHaveLength(1)
  })

  it('ten filings at once under one key make one request', async () => {
    portal = await openPortal()
    const leaf = await portal.issue('surya.wibisana')
    const key = freshKey()
    const answers = await Promise.all(Array.from({ length: 10 }, async () => portal.call('POST', '/v1/requests', { as: people.opd, form: await portal.filing(leaf), key })))
    expect([...new Set(answers.map(({ status }) => status))].sort()).toEqual([201, 409])
    expect(await (await portal.call('GET', '/v1/requests', { as: people.opd })).json()).toMatchObject({ items: [{ status: 'submitted' }] })
  })
})
