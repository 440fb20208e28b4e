import { inspect } from 'node:util'
import type { Leaf } from '@cabut/sandbox'
import { signLetter } from '@cabut/sandbox/letter'
import { describe, expect, test } from 'vitest'
import type { AmsPort } from '../src/ams/index.js'
import { allowPlainHttp, bearer, createAssistedAms, createHttpAms } from '../src/ams/index.js'
import { createDesk, wordsOf, type RequestView } from '../src/desk/index.js'
import { readCertificate } from '@cabut/pki/certificate'
import { formatName } from '@cabut/pki/name'
import { verifyReceipt } from '../src/receipt/index.js'
import { createMemoryStore, type Store } from '../src/store/index.js'
import type { Actor } from '../src/workflow/index.js'
import { folderOf, openssl } from './openssl.js'
import { findings, offices, pdf, people, type Office } from './office.js'

const open = offices()

const hour = 3_600_000
const minute = 60_000
const { opd, head, verifier, second } = people.purbalingga

async function filed(here: Office, more: object = {}): Promise<{ readonly id: string; readonly serial: string }> {
  const leaf = await here.issue('surya.wibisana')
  const { id } = await here.desk.file({
    certificate: { certificate: leaf.certificatePem, username: 'surya.wibisana' }, reason: 'mutasi', letters: [await here.letter('requestLetter')],
    applicant: { id: opd.id, opd: opd.opd }, ...more,
  })
  return { id, serial: leaf.serial }
}

async function approved(here: Office, id: string): Promise<void> {
  await here.desk.dispose(id, { as: head, to: verifier })
  await here.desk.approve(id, { as: verifier, findings })
}

describe('a certificate that is not at hand: issuer and serial are enough for a proof', () => {
  async function byName(here: Office): Promise<{ readonly id: string; readonly serial: string }> {
    const leaf = await here.issue('surya.wibisana')
    const request = await here.desk.file({
      certificate: { issuerDn: formatName(readCertificate(leaf.certificatePem).issuer), serial: leaf.serial, username: 'surya.wibisana' }, reason: 'mutasi',
      letters: [await here.letter('requestLetter')], applicant: { id: opd.id, opd: opd.opd },
    })
    expect(request.warnings.map(warning => warning.code)).toContain('dnNotChecked')
    await here.desk.dispose(request.id, { as: head, to: verifier })
    await here.desk.approve(request.id, { as: verifier, findings: { ...findings, subjectDn: 'unchecked' } })
    return { id: request.id, serial: leaf.serial }
  }

  test('the CRL at a place the office names proves it; both receipts verify, and OpenSSL finds the entry', async () => {
    const here = await open('kabupaten-purbalingga', { desk: ({ ca, urls }) => ({ intermediates: [ca.issuingPem], crlUrls: [urls.crl] }) })
    const { id, serial } = await byName(here)
    await here.pass(2 * hour, 10 * minute)
    const request = await here.desk.get(id)
    expect(request).toMatchObject({ status: 'closed', proof: { source: 'crl', certificate: { serial } } })
    expect(request.proof?.certificate).not.toHaveProperty('sha256')
    for (const form of ['full', 'public'] as const) {
      const receipt = await here.desk.receipt(id, { form })
      expect(receipt.has('certificate.pem')).toBe(false)
      expect(await verifyReceipt(receipt, { anchors: here.sandbox.anchors })).toMatchObject({ valid: true, receipt: { form } })
    }
    if (!openssl.present) return
    const folder = folderOf(await here.desk.receipt(id))
    const commands = [...guideOf(await here.desk.receipt(id)).matchAll(/```sh\n([^`]+)```/g)].flatMap(([, block]) => (block ?? '').trim().split('\n'))
    const printed = serial.toUpperCase()
    const outputs = commands.map(command => folder.run(command).output)
    folder.close()
    expect(outputs.join('\n')).toContain('verify OK')
    expect(outputs.join('\n')).toContain(`Serial Number: ${printed.length % 2 === 0 ? printed : `0${printed}`}`)
  })

  test('a CRL somebody fetched by hand proves it as well; one of another issuer does not', async () => {
    const here = await open('kabupaten-purbalingga', { desk: ({ ca }) => ({ intermediates: [ca.issuingPem] }) })
    const { id, serial } = await byName(here)
    await here.pass(30 * minute, 5 * minute)
    expect((await here.desk.get(id)).status).toBe('awaitingProof')
    const stranger = await open('kabupaten-purbalingga')
    stranger.sandbox.manage.revokeAtAuthority((await stranger.issue('surya.wibisana')).serial, 'keyCompromise')
    stranger.sandbox.manage.publish()
    await here.desk.examine(id, { as: verifier, crls: [stranger.sandbox.ca.crl()] })
    expect((await here.desk.get(id)).status).toBe('awaitingProof')
    here.sandbox.manage.publish()
    const before = await here.desk.get(id)
    await expect(here.desk.examine(id, { as: verifier, ifVersion: before.version - 1, crls: [here.sandbox.ca.crl()] })).rejects.toMatchObject({ code: 'requestConflict' })
    expect(await here.desk.examine(id, { as: verifier, crls: [here.sandbox.ca.crl()] })).toMatchObject({ status: 'revoked', proof: { certificate: { serial } } })
  })
})

function guideOf(receipt: ReadonlyMap<string, Uint8Array>): string {
  return new TextDecoder().decode(receipt.get('VERIFY.md')).split('\n---\n')[0] ?? ''
}

describe('personal values are withheld wherever a request is printed', () => {
  test('inspect and JSON of a view and of the history; the values themselves are read by name', async () => {
    const here = await open('kabupaten-purbalingga')
    const { id } = await filed(here, { holder: { id: 'surya.wibisana', name: 'Surya Wibisana' }, note: 'Hubungi Bu Ratna di ruang 4' })
    await here.desk.dispose(id, { as: head, to: verifier, note: 'Tolong periksa Bu Ratna' })
    await here.desk.reject(id, { as: verifier, reasons: ['Bu Ratna\nmasih menjabat', 'kop keliru'] })
    const view = await here.desk.get(id)
    const history = await here.desk.history(id)
    const list = await here.desk.list()
    for (const shown of [view, history, list]) {
      for (const text of [inspect(shown, { depth: 9 }), JSON.stringify(shown)]) expect(text).not.toMatch(/Surya Wibisana|Ratna/)
    }
    expect(view.state.personal['holder']).toBe('Surya Wibisana')
    const said = history.map(event => [event.type, wordsOf(event)] as const).filter(([, words]) => words.length > 0)
    expect(said).toEqual([['disposed', ['Tolong periksa Bu Ratna']], ['rejected', ['Bu Ratna masih menjabat', 'kop keliru']]])
    // Free text lies beside the chain: nothing of it is in what the digests cover, so it can be erased.
    for (const { data, actor } of history) expect(JSON.stringify({ data, actor })).not.toMatch(/Ratna/)
  })
})

describe('a letter after the approval', () => {
  test('voids it: the officer looks again', async () => {
    const here = await open('kabupaten-purbalingga', { desk: { answer: async () => undefined } })
    const { id } = await filed(here, { effectiveDate: '2026-12-01' })
    await approved(here, id)
    const after = await here.desk.attach(id, { as: opd, letter: await here.letter('reasonStatement', 'surat lain') })
    expect(after.status).toBe('verifying')
    expect(after.state).toMatchObject({ approval: undefined, findings: undefined })
    await here.pass(10 * minute)
    expect((await here.desk.get(id)).status).toBe('verifying')
    await expect(here.desk.approve(id, { as: verifier })).rejects.toMatchObject({ refusal: { refused: 'findingsMissing' } })
  })

  test('the letter that was to follow an expedited request voids nothing', async () => {
    const here = await open('kabupaten-purbalingga', { sandbox: { bsre: { decide: 'manual' } } })
    const leaf = await here.issue('surya.wibisana')
    const { id } = await here.desk.file({
      certificate: { certificate: leaf.certificatePem, username: 'surya.wibisana' }, reason: 'kunciBocor', letters: [], applicant: { id: opd.id, opd: opd.opd },
    })
    await here.desk.dispose(id, { as: head, to: verifier })
    await here.desk.approve(id, { as: verifier, findings: { ...findings, completeness: 'incomplete' } })
    const after = await here.desk.attach(id, { as: opd, letter: await here.letter('requestLetter') })
    expect(after).toMatchObject({ status: 'approved', state: { approval: { by: verifier.id } } })
  })
})

describe('failures are counted apart from waiting', () => {
  test('a hundred polls, then some failures in a row: tried again, not put aside', async () => {
    const store = createMemoryStore()
    let broken = 0
    const flaky: Store = { ...store, load: async (scope, id) => { if (broken > 0) { broken--; throw new Error('hiccup') } return store.load(scope, id) } }
    const here = await open('kabupaten-purbalingga', { sandbox: { faults: [{ kind: 'notPublished' }] }, desk: { store: flaky, pace: { ams: minute, proof: minute } } })
    const { id } = await filed(here)
    await approved(here, id)
    await here.pass(100 * minute)
    expect((await here.desk.effects(id)).find(effect => effect.kind === 'proof')).toMatchObject({ status: 'waiting', attempt: 0 })
    broken = 3
    await here.pass(10 * minute)
    expect((await here.desk.effects(id)).find(effect => effect.kind === 'proof')).toMatchObject({ status: 'waiting' })
    here.sandbox.manage.publish({ withheld: true })
    await here.pass(10 * minute)
    expect((await here.desk.get(id)).status).toBe('closed')
  })
})

describe('expiry while a proof is awaited', () => {
  test('revoked in the last hour, published after the end (RFC 5280 3.3): proven', async () => {
    const here = await open('kabupaten-purbalingga', { sandbox: { publication: { delay: 5 * hour } } })
    const leaf = await here.sandbox.manage.issue({ username: 'surya.wibisana', notAfter: new Date(here.clock.now + 2 * hour) })
    const { id } = await here.desk.file({
      certificate: { certificate: leaf.certificatePem, username: 'surya.wibisana' }, reason: 'mutasi', letters: [await here.letter('requestLetter')], applicant: { id: opd.id, opd: opd.opd },
    })
    await approved(here, id)
    await here.pass(4 * hour, 10 * minute)
    expect((await here.desk.get(id)).status).toBe('awaitingProof')
    await here.pass(3 * hour, 10 * minute)
    expect((await here.desk.get(id)).status).toBe('closed')
  })
})

describe('a record that vanishes from AMS', () => {
  function forgetful(port: AmsPort, forget: () => boolean): AmsPort {
    return { ...port, readRevocation: async (id, call) => (forget() ? { outcome: 'refused' as const, code: 'NOT_FOUND', message: 'tidak ada', httpStatus: 404 } : port.readRevocation(id, call)) }
  }

  test('noted at once, a person looks after settleAfter, nothing is repeated', async () => {
    let gone = false
    const inner = await open('kabupaten-purbalingga', { sandbox: { bsre: { decide: 'manual' } } })
    const ams = forgetful(createHttpAms({
      baseUrl: inner.sandbox.urls.ams, fetch: inner.sandbox.fetch, allow: [allowPlainHttp], credential: bearer(actor => inner.sandbox.manage.token(actor.id)), honoursIdempotencyKey: true, retries: 0,
    }), () => gone)
    const desk = createDesk({ standard: 'kabupaten-purbalingga', ams, anchors: inner.sandbox.anchors, fetch: inner.sandbox.fetch, clock: () => new Date(inner.clock.now), worker: false })
    const here: Office = { ...inner, desk, async pass(milliseconds, step = minute) {
      await desk.runEffects()
      for (let passed = 0; passed < milliseconds; passed += step) { inner.clock.now += step; await desk.runEffects() }
    } }
    const { id } = await filed(here)
    await approved(here, id)
    await here.pass(5 * minute)
    expect((await desk.get(id)).status).toBe('atBsre')
    gone = true
    await here.pass(3 * minute)
    const noted = await desk.get(id)
    expect(noted.status).toBe('atBsre')
    expect(noted.state.ams.lostSince).toBeDefined()
    await here.pass(30 * minute)
    expect((await desk.get(id)).status).toBe('parked')
    expect(here.sandbox.manage.revocations()).toHaveLength(1)
    gone = false
    await desk.resume(id, { as: verifier, found: 'record', recordId: here.sandbox.manage.revocations()[0]?.id as string })
    await here.pass(5 * minute)
    const found = await desk.get(id)
    expect(found.status).toBe('atBsre')
    expect(found.state.ams.lostSince).toBeUndefined()
  })

  test('a rejection AMS may or may not have heard, where nothing can be read: a person is shown it, it is not asked for ever', async () => {
    const here = await open('kota-pekalongan', { desk: { ams: { ...createAssistedAms() } } })
    const owner = people.pekalongan.owner
    const leaf = await here.issue('ratna.pertiwi')
    const { id } = await here.desk.file({
      certificate: { certificate: leaf.certificatePem, username: owner.id }, reason: 'mutasi', letters: [await here.letter('reasonStatement')], applicant: { id: owner.id, opd: 'disdik' },
    })
    await here.pass(minute)
    await here.desk.recordAms(id, { as: people.pekalongan.verifier, record: { id: 'AMS-1', status: 'waitingVerification', rawStatus: 'menunggu' } })
    await here.desk.reject(id, { as: people.pekalongan.verifier, reasons: ['Masih menjabat'] })
    await here.pass(40 * minute, 5 * minute)
    expect((await here.desk.effects(id)).find(effect => effect.kind === 'ams')).toMatchObject({ status: 'parked', note: expect.stringContaining('look there') as string })
    await here.desk.recordAms(id, { as: people.pekalongan.verifier, record: { id: 'AMS-1', status: 'refused', rawStatus: 'ditolak' } })
    expect((await here.desk.get(id)).state.ams.write).toBeUndefined()
  })
})

describe('an answer letter the case does not take', () => {
  test('is shown to a person, not forgotten', async () => {
    const here = await open('kabupaten-purbalingga', {
      desk: { answer: async () => ({ kind: 'answerLetter', bytes: await pdf('x'), number: '000.8.3.3/16/DINKOMINFO', date: '2030-01-01' }) },
    })
    const { id } = await filed(here)
    await approved(here, id)
    await here.pass(2 * hour, 10 * minute)
    expect((await here.desk.effects(id)).find(effect => effect.kind === 'answer')).toMatchObject({ status: 'parked', note: 'the answer letter was refused as inTheFuture' })
  })
})

describe('what a caller gets wrong', () => {
  test('nothing at all, a strange id, a strange actor: typed, and no number of the register is used', async () => {
    const here = await open('kabupaten-purbalingga')
    await expect(here.desk.file(undefined as never)).rejects.toMatchObject({ code: 'requestInvalid', issues: [{ code: 'wrongType' }] })
    const leaf = await here.issue('surya.wibisana')
    const input = {
      certificate: { certificate: leaf.certificatePem, username: 'surya.wibisana' }, reason: 'mutasi', letters: [await here.letter('requestLetter')], applicant: { id: opd.id, opd: opd.opd },
    } as const
    for (const id of ['a/../b12345', 'pendek', 'x'.repeat(61), 7 as never]) await expect(here.desk.file({ ...input, id })).rejects.toMatchObject({ issues: [{ path: 'id', code: 'wrongForm' }] })
    await expect(here.desk.file({ ...input, as: { ...opd, delegation: { kind: 'pjs' as never, of: 'x' } } })).rejects.toMatchObject({ code: 'requestInvalid', at: 'as.delegation' })
    await expect(here.desk.file({ ...input, as: { id: 'orang.lain', role: 'opdOfficer', opd: 'opd-lain' } })).rejects.toMatchObject({ refusal: { refused: 'notYourOffice' } })
    await expect(here.desk.file({ ...input, letters: [], as: { id: 'siapa', role: 'verifier', opd: 'dinkominfo' } })).rejects.toMatchObject({ code: expect.any(String) as string })
    expect((await here.desk.file({ ...input, id: 'permohonan-1' })).register).toBe('0001/2026')
    await expect(here.desk.file({ ...input, id: 'permohonan-1' })).rejects.toMatchObject({ code: 'requestConflict' })
    const other = await here.issue('surya.wibisana')
    expect((await here.desk.file({ ...input, certificate: { certificate: other.certificatePem, username: 'surya.wibisana' } })).register).toBe('0002/2026')
    for (const as of [undefined, {}, { id: '', role: 'head' }, { id: 'x', role: 'raja' }] as never[]) {
      await expect(here.desk.dispose('permohonan-1', { as, to: verifier })).rejects.toMatchObject({ code: 'requestInvalid', at: expect.stringMatching(/^as/) as string })
    }
  })

  test('a capital letter or a space makes nobody another person', async () => {
    const here = await open('kabupaten-purbalingga')
    const { id } = await filed(here, { as: { id: 'Tegar.Maulana', role: 'opdOfficer', opd: 'dindik' }, applicant: { id: 'Tegar.Maulana', opd: 'dindik' } })
    await expect(here.desk.dispose(id, { as: head, to: verifier })).rejects.toMatchObject({ refusal: { refused: 'assigneeFiled' } })
    await here.desk.dispose(id, { as: head, to: second })
    await expect(here.desk.approve(id, { as: { ...second, id: ' tegar.maulana' }, findings })).rejects.toMatchObject({ refusal: { refused: 'fourEyes' } })
  })
})

describe('the personnel office files for officials of every OPD', () => {
  const personnel: Actor = { id: 'bkpsdm.dua', role: 'personnelOffice', opd: 'bkpsdm' }

  test('it sees and carries on what it filed, and nothing else', async () => {
    const here = await open('kabupaten-purbalingga')
    const leaf = await here.issue('surya.wibisana')
    const { id } = await here.desk.file({
      certificate: { certificate: leaf.certificatePem, username: 'surya.wibisana' }, reason: 'meninggal', as: personnel, onBehalf: 'deceased', opdOrigin: 'dindik',
      letters: [await here.letter('requestLetter'), await here.letter('deathCertificate')], applicant: { id: personnel.id, opd: 'bkpsdm' }, holder: { id: 'surya.wibisana', deceased: true },
    })
    const others = await filed(here)
    expect((await here.desk.get(id, { as: personnel })).state.parties.opdOrigin).toBe('dindik')
    await expect(here.desk.get(others.id, { as: personnel })).rejects.toMatchObject({ code: 'requestNotFound' })
    await expect(here.desk.withdraw(others.id, { as: personnel })).rejects.toMatchObject({ code: 'requestNotFound' })
    expect((await here.desk.list({}, { as: personnel })).map(view => view.id)).toEqual([id])
    expect((await here.desk.list({ limit: 1 }, { as: personnel })).map(view => view.id)).toEqual([id])
    expect((await here.desk.withdraw(id, { as: personnel })).status).toBe('withdrawn')
  })
})

describe('the signatures of a letter, looked at as it is handed in', () => {
  const file = async (here: Office, leaf: Leaf, reason: string, bytes: Uint8Array): Promise<RequestView> => here.desk.file({
    certificate: { certificate: leaf.certificatePem, username: 'surya.wibisana' }, reason, letters: [{ kind: 'requestLetter', bytes, number: '000.8.3.3/15/OR', date: '2026-11-20' }],
    applicant: { id: opd.id, opd: opd.opd },
  })
  const codes = (view: RequestView): readonly string[] => view.warnings.map(warning => warning.code).filter(code => code.startsWith('letter') && code !== 'letterAdvised')

  test('signed by another official: sound; unsigned: look for ink; changed after signing: broken; a printout: ask for the original', async () => {
    const here = await open('kabupaten-purbalingga')
    const official = await here.sandbox.ca.issueLeaf()
    const signed = await signLetter(await pdf('Surat permohonan'), official, new Date(here.clock.now))
    for (const [bytes, signature, warned] of [
      [signed, 'sound', []],
      [await pdf('Surat permohonan'), 'none', ['letterUnsigned']],
      [Uint8Array.from(signed, (octet, index) => (index === 20 ? octet ^ 1 : octet)), 'broken', ['letterSignatureBroken']],
      [await pdf('Ditandatangani secara elektronik'), 'printout', ['letterPrintout']],
    ] as const) {
      const request = await file(here, await here.issue('surya.wibisana'), 'mutasi', bytes)
      expect(request.state.letters[0]?.signature).toBe(signature)
      expect(codes(request)).toEqual(warned)
      expect(request.status).toBe('submitted')
    }
    const stranger = await open('kabupaten-purbalingga', { sandbox: { seed: 'stranger' } })
    const strange = await signLetter(await pdf('Surat permohonan'), await stranger.sandbox.ca.issueLeaf(), new Date(here.clock.now))
    expect(codes(await file(here, await here.issue('surya.wibisana'), 'mutasi', strange))).toEqual(['letterSignerDoubtful'])
  })

  test('signed with the very certificate it asks to revoke: no authorisation, whoever leaked it could have written it', async () => {
    const here = await open('kabupaten-purbalingga')
    const leaf = await here.issue('surya.wibisana')
    const own = await signLetter(await pdf('Mohon cabut'), leaf, new Date(here.clock.now))
    const request = await file(here, leaf, 'mutasi', own)
    expect(codes(request)).toEqual(['letterKeyUnderRevocation'])
    expect(request.status).toBe('draft')
    await expect(here.desk.submit(request.id, { as: opd })).rejects.toMatchObject({ refusal: { refused: 'lettersMissing', missing: ['requestLetter', 'reasonStatement'] } })
    // Told by issuer and serial alone it is the same key.
    const { issuer, serial } = readCertificate(leaf.certificatePem)
    const named = await here.desk.file({
      certificate: { issuerDn: formatName(issuer), serial, username: 'surya.wibisana' }, reason: 'mutasi', letters: [{ kind: 'requestLetter', bytes: own }], applicant: { id: opd.id, opd: opd.opd },
    })
    expect([named.state.letters[0]?.signature, named.status]).toEqual(['keyUnderRevocation', 'draft'])
    const official = await here.sandbox.ca.issueLeaf()
    await here.desk.attach(request.id, { as: opd, letter: { kind: 'requestLetter', bytes: await signLetter(await pdf('Mohon cabut'), official, new Date(here.clock.now)) } })
    expect((await here.desk.submit(request.id, { as: opd })).status).toBe('submitted')
    // A leaked key is stopped without any letter; the one it wrote itself leaves the letter to follow.
    const leaked = await here.issue('surya.wibisana')
    const urgent = await file(here, leaked, 'kunciBocor', await signLetter(await pdf('Kunci bocor'), leaked, new Date(here.clock.now)))
    expect(urgent).toMatchObject({ status: 'submitted', state: { expedited: true, letterDue: expect.any(String) as string } })
  })
})
