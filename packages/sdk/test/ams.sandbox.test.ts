import { createSandbox, type FaultRule, type Leaf, type Sandbox } from '@cabut/sandbox'
import { sandboxHandlers } from '@cabut/sandbox/msw'
import { setupServer } from 'msw/node'
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordingFetch, validateExchange, type RecordedExchange } from '../../sandbox/test/contract.js'
import { bearer, createAssistedAms, createHttpAms, splpApiKey, splpAuthorization, type AmsFiling, type AmsPort, type AssistedAmsOptions, type AssistedTask, type HttpAmsOptions } from '../src/ams/index.js'
import { collectEvidence, judgeProof } from '../src/proof/index.js'

const bytes = new TextEncoder().encode('%PDF-1.4\n% surat permohonan pencabutan (contoh)\n')
const letter = { bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
const verifier = { id: 'tegar.maulana', role: 'verifier' }
const owner = { id: 'ratna.pertiwi', role: 'owner' }
const cityVerifier = { id: 'dewi.larasati', role: 'verifier' }

let sandbox: Sandbox
let counter = 0
const nextKey = (): string => `ajuan-${String(++counter).padStart(6, '0')}`

beforeAll(async () => {
  sandbox = await createSandbox({ faults: 'none', hang: 50, publication: { delay: 0 }, baseUrl: 'https://sandbox.cabut.invalid', bsre: { decide: 'manual' } })
})
afterAll(() => sandbox.close())

function client(more: Partial<HttpAmsOptions> = {}): AmsPort {
  return createHttpAms({
    baseUrl: sandbox.urls.ams, fetch: sandbox.fetch, honoursIdempotencyKey: true, timeoutMs: 2000, retries: 0,
    credential: bearer((actor) => sandbox.manage.token(actor.id)), ...more,
  })
}

function filingOf(leaf: Leaf, username = 'surya.wibisana'): AmsFiling {
  return { username, certificate: { issuerDn: leaf.issuerDn, serial: leaf.serial, subjectDn: leaf.subjectDn }, reason: 'mutasi', letters: [letter] }
}

async function withFault<T>(rule: FaultRule, run: () => Promise<T>): Promise<T> {
  sandbox.manage.faults.set([rule])
  try {
    return await run()
  } finally {
    sandbox.manage.faults.set('none')
  }
}

describe('the contract (docs/openapi/ams.yaml)', () => {
  it('every request of the client and every answer keeps it', async () => {
    const seen: RecordedExchange[] = []
    const ams = client({ fetch: recordingFetch(sandbox.fetch, sandbox.urls.ams, seen) })
    const leaf = await sandbox.manage.issue({ username: 'ratna.pertiwi', key: 'shared' })
    const key = nextKey()
    await ams.findCertificate({ username: 'ratna.pertiwi' }, { as: owner })
    await ams.findCertificate({ subjectDn: leaf.subjectDn }, { as: owner })
    await ams.findCertificate({ issuerDn: leaf.issuerDn, serial: leaf.serial }, { as: owner })
    const filed = await ams.fileRevocation({ ...filingOf(leaf, 'ratna.pertiwi'), note: 'pindah ke instansi lain' }, { as: owner, idempotencyKey: key })
    if (filed.outcome !== 'accepted') throw new Error(JSON.stringify(filed))
    await ams.readRevocation(filed.revocation.id, { as: owner })
    await ams.findRevocations(leaf, { as: owner })
    await ams.findRevocations({ idempotencyKey: key }, { as: owner })
    await ams.decideRevocation?.({ revocationId: filed.revocation.id, decision: 'return', note: 'surat tidak terbaca' }, { as: cityVerifier, idempotencyKey: nextKey() })
    await ams.readRevocation('tidak-ada', { as: owner })
    await ams.fileRevocation(filingOf(leaf, 'ratna.pertiwi'), { as: { id: 'bima.anggara', role: 'owner' }, idempotencyKey: nextKey() })
    expect(seen.length).toBeGreaterThanOrEqual(11)
    for (const exchange of seen) expect({ at: `${exchange.method} ${exchange.path}`, problems: validateExchange(exchange) }).toEqual({ at: `${exchange.method} ${exchange.path}`, problems: [] })
  })
})

describe('the two standards\' ways through AMS', () => {
  it('Kota Pekalongan: the owner files first, the agency forwards, BSrE revokes', async () => {
    const ams = client()
    const leaf = await sandbox.manage.issue({ username: 'ratna.pertiwi', key: 'shared' })
    const [found] = await ams.findCertificate({ issuerDn: leaf.issuerDn, serial: leaf.serial.toUpperCase() }, { as: owner }).then((reading) => (reading.outcome === 'answered' ? reading.value : []))
    expect(found).toMatchObject({ serial: leaf.serial, subjectDn: leaf.subjectDn, status: 'active', rawStatus: 'AKTIF' })
    const filed = await ams.fileRevocation(filingOf(leaf, 'ratna.pertiwi'), { as: owner, idempotencyKey: nextKey() })
    if (filed.outcome !== 'accepted') throw new Error(JSON.stringify(filed))
    expect(filed.revocation).toMatchObject({ status: 'waitingVerification', filedBy: 'ratna.pertiwi', letters: [{ sha256: letter.sha256 }] })
    // Nobody decides on what they filed.
    expect(await ams.decideRevocation?.({ revocationId: filed.revocation.id, decision: 'forward' }, { as: owner, idempotencyKey: nextKey() })).toMatchObject({ outcome: 'refused' })
    expect(await ams.decideRevocation?.({ revocationId: filed.revocation.id, decision: 'forward' }, { as: cityVerifier, idempotencyKey: nextKey() })).toMatchObject({ outcome: 'accepted', revocation: { status: 'waitingBsre', decidedBy: 'dewi.larasati' } })
    sandbox.manage.approve(filed.revocation.id)
    expect(await ams.readRevocation(filed.revocation.id, { as: owner })).toMatchObject({ outcome: 'answered', value: { status: 'revoked', revokedAt: expect.any(Date) as Date } })
    expect(sandbox.manage.timesRevoked(leaf.serial)).toBe(1)
  })

  it('Kabupaten Purbalingga: the verifier files, BSrE refuses with a reason', async () => {
    const ams = client()
    const leaf = await sandbox.manage.issue({ username: 'surya.wibisana', key: 'shared' })
    const filed = await ams.fileRevocation(filingOf(leaf), { as: verifier, idempotencyKey: nextKey() })
    if (filed.outcome !== 'accepted') throw new Error(JSON.stringify(filed))
    expect(filed.revocation.status).toBe('waitingBsre')
    sandbox.manage.refuse(filed.revocation.id, 'Subject DN tidak sesuai')
    expect(await ams.readRevocation(filed.revocation.id, { as: verifier })).toMatchObject({ outcome: 'answered', value: { status: 'refused', refusal: { by: 'BSRE', message: 'Subject DN tidak sesuai' } } })
  })
})

describe('one fault on the filing: outcome, and what the sandbox really did', () => {
  const table: [string, FaultRule, string, number][] = [
    ['timeout after commit', { kind: 'timeoutAfterCommit', on: 'ams.fileRevocation' }, 'unknown', 1],
    ['timeout before commit', { kind: 'timeout', on: 'ams.fileRevocation' }, 'unknown', 0],
    ['reset after commit', { kind: 'resetAfterCommit', on: 'ams.fileRevocation' }, 'unknown', 1],
    ['reset before commit', { kind: 'reset', on: 'ams.fileRevocation' }, 'unknown', 0],
    ['502 after commit', { kind: 'status', status: 502, commit: true, on: 'ams.fileRevocation' }, 'unknown', 1],
    ['503', { kind: 'status', on: 'ams.fileRevocation' }, 'unknown', 0],
    ['empty body', { kind: 'empty', on: 'ams.fileRevocation' }, 'unknown', 1],
    ['broken JSON', { kind: 'invalidJson', on: 'ams.fileRevocation' }, 'unknown', 1],
    ['half a body', { kind: 'truncate', on: 'ams.fileRevocation' }, 'unknown', 1],
    ['HTML with 200', { kind: 'html', on: 'ams.fileRevocation' }, 'unknown', 0],
    ['redirect to another host', { kind: 'redirect', on: 'ams.fileRevocation' }, 'unknown', 0],
    ['HTTP 200 refusal', { kind: 'refuse', on: 'ams.fileRevocation' }, 'refused', 0],
    ['throttled', { kind: 'throttle', seconds: 7, on: 'ams.fileRevocation' }, 'notDone', 0],
    ['upload reset', { kind: 'reset', on: 'ams.uploadLetter' }, 'notDone', 0],
    ['upload answered by HTML', { kind: 'html', on: 'ams.uploadLetter' }, 'notDone', 0],
  ]

  it.each(table)('%s', async (_what, rule, expected, records) => {
    const leaf = await sandbox.manage.issue({ username: 'surya.wibisana', key: 'shared' })
    const key = nextKey()
    const outcome = await withFault(rule, () => client({ timeoutMs: 400 }).fileRevocation(filingOf(leaf), { as: verifier, idempotencyKey: key }))
    expect(outcome.outcome).toBe(expected)
    // The sandbox's own records are the witness.
    const filed = (): number => sandbox.manage.revocations().filter((record) => record.idempotencyKey === key).length
    expect(filed()).toBe(records)
    if (outcome.outcome !== 'unknown') return
    // The way out of unknown: read. Then, where the key is honoured, the same write again changes nothing.
    const reading = await client().findRevocations(leaf, { as: verifier })
    expect(reading).toMatchObject({ outcome: 'answered', value: Array(records).fill(expect.objectContaining({ idempotencyKey: key })) as unknown })
    expect(await client().findRevocations({ idempotencyKey: key }, { as: verifier })).toMatchObject({ outcome: 'answered', value: { length: records } })
    expect(await client().fileRevocation(filingOf(leaf), { as: verifier, idempotencyKey: key })).toMatchObject({ outcome: 'accepted', replayed: records === 1 })
    expect(filed()).toBe(1)
  })

  it('an expired token, a stranger\'s token, and a wrong role', async () => {
    const leaf = await sandbox.manage.issue({ username: 'surya.wibisana', key: 'shared' })
    const before = sandbox.manage.revocations().length
    const file = (token: string): Promise<unknown> => client({ credential: bearer(token) }).fileRevocation(filingOf(leaf), { as: verifier, idempotencyKey: nextKey() })
    expect(await file(sandbox.manage.token('tegar.maulana', -1))).toMatchObject({ outcome: 'notDone', cause: { code: 'amsAuthentication', httpStatus: 401 } })
    expect(await file('bukan-token')).toMatchObject({ outcome: 'notDone', cause: { code: 'amsAuthentication' } })
    expect(sandbox.manage.revocations()).toHaveLength(before)
  })
})

describe('SPLP: two credentials, one stacked on the other', () => {
  it.each([['APIkey', splpApiKey], ['AuthorizationSPLP', splpAuthorization]] as const)('%s of the gateway beside the acting person\'s token', async (_header, gateway) => {
    const leaf = await sandbox.manage.issue({ username: 'surya.wibisana', key: 'shared' })
    const person = bearer((actor: { id: string }) => sandbox.manage.token(actor.id))
    const baseUrl = sandbox.manage.splp.url('ams')
    const through = client({ baseUrl, credential: [gateway(sandbox.manage.splp.key('ams')), person] })
    const filed = await through.fileRevocation(filingOf(leaf), { as: verifier, idempotencyKey: nextKey() })
    expect(filed).toMatchObject({ outcome: 'accepted', revocation: { filedBy: 'tegar.maulana' } })
    expect(await through.findRevocations(leaf, { as: verifier })).toMatchObject({ outcome: 'answered', value: { length: 1 } })
    // Either one alone, or another service's key, opens nothing.
    for (const credential of [[person], [gateway(sandbox.manage.splp.key('ams'))], [gateway('kunci-lain'), person]]) {
      const outcome = await client({ baseUrl, credential }).fileRevocation(filingOf(leaf), { as: verifier, idempotencyKey: nextKey() })
      expect(outcome).toMatchObject({ outcome: 'notDone', cause: { code: 'amsAuthentication', httpStatus: 401 } })
    }
  })
})

describe('msw: the global fetch is used when none is injected', () => {
  const server = setupServer()
  beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
  afterAll(() => server.close())

  it('files through the handlers of the sandbox', async () => {
    server.use(...sandboxHandlers(sandbox))
    const leaf = await sandbox.manage.issue({ username: 'surya.wibisana', key: 'shared' })
    const ams = createHttpAms({ baseUrl: sandbox.urls.ams, credential: bearer((actor) => sandbox.manage.token(actor.id)) })
    expect(await ams.fileRevocation(filingOf(leaf), { as: verifier, idempotencyKey: nextKey() })).toMatchObject({ outcome: 'accepted', revocation: { status: 'waitingBsre' } })
  })
})

describe('assisted: an officer acts in the AMS page', () => {
  it('is told exactly what to enter; proof finds the effect, nothing is read back', async () => {
    const leaf = await sandbox.manage.issue({ username: 'surya.wibisana', key: 'shared' })
    const seen: AssistedTask[] = []
    const ams = createAssistedAms({
      profile: { reasons: { mutasi: 'PINDAH' }, reasonLabels: { PINDAH: 'Pindah tugas / mutasi' } },
      async ask(task, actor) {
        seen.push(task)
        expect(actor).toEqual(verifier)
        // A stand-in for the officer at the keyboard: acts in the sandbox, not through the port.
        sandbox.manage.revokeAtAuthority(task.steps.find((step) => /heksadesimal/.test(step.id))!.copy!, 'affiliationChanged')
        sandbox.manage.publish()
        return { done: true, at: new Date('2026-11-22T03:00:00Z'), reference: 'AMS-77' }
      },
    })
    expect(ams).toMatchObject({ kind: 'assisted', readsBack: false, honoursIdempotencyKey: false })
    const outcome = await ams.fileRevocation({ ...filingOf(leaf), note: 'pindah' }, { as: verifier, idempotencyKey: nextKey() })
    expect(outcome).toMatchObject({ outcome: 'accepted', revocation: { id: 'AMS-77', status: 'other', rawStatus: 'assisted' } })
    const copies = seen[0]!.steps.map((step) => step.copy)
    expect(copies).toEqual([undefined, 'surya.wibisana', leaf.subjectDn, leaf.serial, BigInt(`0x${leaf.serial}`).toString(), leaf.issuerDn, undefined, 'Pindah tugas / mutasi', 'pindah', letter.sha256, undefined])
    for (const step of seen[0]!.steps) {
      expect(step.en).not.toBe('')
      if (step.copy !== undefined) expect(step.id).toContain(step.copy)
    }
    expect(await ams.readRevocation('AMS-77', { as: verifier })).toMatchObject({ outcome: 'unavailable', cause: { code: 'amsNoReadBack' } })
    const now = new Date()
    const status = await collectEvidence(leaf.der, { anchors: sandbox.anchors, intermediates: [sandbox.ca.issuingPem], at: now, fetch: sandbox.fetch })
    expect(await judgeProof({ evidence: [status], now })).toMatchObject({ verdict: 'proven' })
  })

  it.each([
    ['nobody has answered yet', async () => undefined, { outcome: 'unknown', cause: { code: 'amsOfficerPending' } }],
    ['not done', async () => ({ done: 'notDone' as const }), { outcome: 'notDone' }],
    ['refused by AMS', async () => ({ done: false as const, message: 'Data tidak ditemukan' }), { outcome: 'refused', message: 'Data tidak ditemukan' }],
    ['not sure', async () => ({ done: 'unsure' as const }), { outcome: 'unknown' }],
    ['the question itself failed', async () => { throw new Error('terminal hilang') }, { outcome: 'unknown' }],
  ] as [string, NonNullable<AssistedAmsOptions['ask']>, object][])('the officer: %s', async (_what, ask, expected) => {
    const filing: AmsFiling = { username: 'surya.wibisana', certificate: { issuerDn: 'CN=CA', serial: 'ab' }, reason: 'mutasi', letters: [] }
    expect(await createAssistedAms({ ask }).fileRevocation(filing, { as: verifier, idempotencyKey: nextKey() })).toMatchObject(expected)
  })

  it('without anybody to ask: pending, and a decision is put the same way', async () => {
    const ams = createAssistedAms()
    expect(await ams.decideRevocation?.({ revocationId: 'R-1', decision: 'forward' }, { as: verifier, idempotencyKey: nextKey() })).toMatchObject({ outcome: 'unknown', cause: { code: 'amsOfficerPending' } })
  })
})
