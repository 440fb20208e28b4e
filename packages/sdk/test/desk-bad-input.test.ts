import { describe, expect, test } from 'vitest'
import { findings, offices, people, type Office } from './office.js'

const open = offices()

const { opd, head, verifier } = people.purbalingga

async function filed({ desk, issue, letter }: Office, more: object = {}): Promise<string> {
  const leaf = await issue('surya.wibisana')
  const request = await desk.file({
    certificate: { certificate: leaf.certificatePem, username: 'surya.wibisana' }, reason: 'mutasi', letters: [await letter('requestLetter')],
    applicant: { id: opd.id, opd: opd.opd }, ...more,
  })
  return request.id
}

async function approved(here: Office, more: object = {}): Promise<string> {
  const id = await filed(here, more)
  await here.desk.dispose(id, { as: head, to: verifier })
  await here.desk.approve(id, { as: verifier, findings })
  return id
}

describe('writes AMS did not take', () => {
  test('throttled: the pause is kept, AMS is not asked again and again within one run', async () => {
    const here = await open('kabupaten-purbalingga', { sandbox: { faults: [{ kind: 'throttle', on: 'ams.fileRevocation', seconds: 60, times: 30 }] } })
    const id = await approved(here)
    await here.desk.runEffects()
    const writes = async (): Promise<number> => (await here.desk.history(id)).filter(event => event.type === 'amsWriteStarted').length
    expect(await writes()).toBe(1)
    here.clock.now += 59_000
    await here.desk.runEffects()
    expect(await writes()).toBe(1)
    here.clock.now += 2_000
    await here.desk.runEffects()
    expect(await writes()).toBe(2)
  })

  test('a letter above the 1 MB of AMS: kept, tried three times, then parked for a person who files by hand', async () => {
    const here = await open('kabupaten-purbalingga')
    const small = await here.letter('requestLetter')
    const end = small.bytes.length - 6
    const bytes = new Uint8Array([...small.bytes.subarray(0, end), ...new Uint8Array(1_200_000).fill(32), ...small.bytes.subarray(end)])
    const id = await approved(here, { letters: [{ ...small, bytes }] })
    await here.pass(60_000, 1_000)
    const parked = await here.desk.get(id)
    expect(parked.status).toBe('parked')
    expect((await here.desk.history(id)).at(-1)).toMatchObject({ type: 'parked', personal: { remark: { value: expect.stringContaining('amsLetterTooLarge') as string } } })
    const [kept] = parked.state.letters
    expect((await here.desk.evidence(id, kept?.sha256 ?? '')).bytes.length).toBe(bytes.length)
    expect((await here.desk.resume(id, { as: verifier, found: 'record', recordId: 'R-17' })).status).toBe('atBsre')
  })

  test('forwarding AMS did not take, parked by hand: nothing found keeps the record that is there', async () => {
    const here = await open('kota-pekalongan')
    const { owner, verifier: officer } = people.pekalongan
    const leaf = await here.issue('ratna.pertiwi')
    const { id } = await here.desk.file({
      certificate: { certificate: leaf.certificatePem, username: 'ratna.pertiwi' }, reason: 'pensiun', letters: [await here.letter('reasonStatement')],
      applicant: { id: owner.id, opd: owner.opd },
    })
    await here.pass(0)
    await here.desk.approve(id, { as: officer, findings })
    here.sandbox.manage.faults.set([{ kind: 'throttle', on: 'ams.decideRevocation', seconds: 600 }])
    await here.desk.runEffects()
    const before = (await here.desk.get(id)).state.ams
    await here.desk.park(id, { as: officer })
    const after = await here.desk.resume(id, { as: officer, found: 'nothing' })
    expect(after).toMatchObject({ status: 'executing', state: { ams: { recordId: before.recordId, owed: 'forward' } } })
  })
})

test('a record of another certificate is never taken for ours, wherever AMS puts it', async () => {
  const served: { by?: typeof fetch; as?: string } = {}
  const here = await open('kabupaten-purbalingga', {
    sandbox: { bsre: { decide: 'manual' } },
    ams: {
      fetch: async (input, init) => {
        const request = new Request(input, init)
        const answer = await (served.by ?? fetch)(request)
        if (served.as === undefined || request.method !== 'GET') return answer
        const { certificate, ...record } = { certificate: { issuerDn: 'CN=Lain', serial: 'ff' }, id: served.as, username: 'x', reason: 'x', status: 'REVOKED', letters: [] }
        const one = { ...record, certificate }
        return Response.json({ success: true, data: request.url.includes('/revocations?') ? { items: [one], total: 1 } : one })
      },
    },
  })
  served.by = here.sandbox.fetch
  served.as = 'R-other'
  const id = await approved(here)
  await here.desk.runEffects()
  expect(here.sandbox.manage.revocations()).toHaveLength(1)
  served.as = (await here.desk.get(id)).state.ams.recordId ?? ''
  await here.pass(5 * 60_000)
  expect(await here.desk.get(id)).toMatchObject({ status: 'atBsre' })
  expect(here.notices.map(notice => notice.subject)).toEqual(['submitted'])
  expect(await here.desk.effects(id)).toContainEqual(expect.objectContaining({ kind: 'ams', note: expect.stringContaining('another certificate') as string }))
})

test('without a certificate at hand, evidence handed in is refused, not dropped', async () => {
  const here = await open('kabupaten-purbalingga')
  const id = await filed(here, { certificate: { username: 'surya.wibisana', subjectDn: 'CN=Surya Wibisana,C=ID' } })
  await expect(here.desk.examine(id, { as: verifier, crls: [new Uint8Array(9)] })).rejects.toMatchObject({ code: 'requestInvalid', at: 'certificate' })
})

describe('a proof is never a claim', () => {
  test('no caller gives recordEvidence or prove as data, nor a letter without its bytes', async () => {
    const here = await open('kabupaten-purbalingga', { sandbox: { bsre: { decide: 'manual' } } })
    const id = await approved(here)
    await here.desk.runEffects()
    const sha256 = 'a'.repeat(64)
    const commands = [
      { type: 'recordEvidence', evidence: { sha256, source: 'crl', verdict: 'revoked' } }, { type: 'prove', proof: { of: 'revoked', proof: { sha256 } } },
      { type: 'contradict', reason: 'evidenceDenies', findings: [] }, { type: 'attach', letter: { kind: 'requestLetter', sha256, size: 1, mediaType: 'application/pdf' } },
      { type: 'amend', certificate: { serial: '01' } }, { type: 'toString' }, {},
    ]
    for (const command of commands) {
      await expect(here.desk.perform(id, command as never, { as: verifier })).rejects.toMatchObject({ code: 'requestInvalid', at: 'command.type' })
    }
    expect(await here.desk.get(id)).toMatchObject({ status: 'atBsre', state: { evidence: [] } })
  })
})

test('a finding nobody made, or made up, is none: not approved', async () => {
  const here = await open('kabupaten-purbalingga')
  const id = await filed(here)
  await here.desk.dispose(id, { as: head, to: verifier })
  for (const made of [{}, { data: 'yes' }, { ...findings, data: undefined }, { ...findings, completeness: 'match ' }]) {
    await expect(here.desk.approve(id, { as: verifier, findings: made as never })).rejects.toMatchObject({ refusal: { refused: 'findingMismatch' } })
  }
})

describe('four eyes', () => {
  test('who files in the name of another (a.n.) files for both', async () => {
    const here = await open('kabupaten-purbalingga')
    const id = await filed(here, { as: { ...opd, delegation: { kind: 'an', of: verifier.id } } })
    await expect(here.desk.dispose(id, { as: head, to: verifier })).rejects.toMatchObject({ refusal: { refused: 'assigneeFiled' } })
    await here.desk.dispose(id, { as: head, to: people.purbalingga.second })
    await expect(here.desk.approve(id, { as: verifier, findings })).rejects.toMatchObject({ refusal: { refused: 'fourEyes' } })
  })
})

describe('changing a request', () => {
  test('reason and dates are read as in filing', async () => {
    const here = await open('kabupaten-purbalingga')
    const id = await filed(here)
    for (const [path, change, code] of [
      ['reason', { reason: 'entah' }, 'reasonUnknown'], ['reason', { reason: '__proto__' }, 'reasonUnknown'], ['reason', { reason: 'lupaPassphrase' }, 'reasonAdvice'],
      ['reason', { reason: 'penangguhan' }, 'reasonNotOffered'], ['effectiveDate', { effectiveDate: '2026-02-31' }, 'dateForm'],
      ['invalidityDate', { invalidityDate: 'kemarin' }, 'dateForm'],
    ] as const) {
      await expect(here.desk.amend(id, { as: opd, ...change }), JSON.stringify(change)).rejects.toMatchObject({ code: 'requestInvalid', issues: [{ path, code }] })
    }
    expect((await here.desk.get(id)).version).toBe(2)
  })

  test('a letter handed in later is read like the first: kind, number, date', async () => {
    const here = await open('kabupaten-purbalingga')
    const id = await filed(here)
    const letter = { ...await here.letter('reasonStatement'), kind: 'nope', number: '\u0000', date: '2026-02-31' }
    await expect(here.desk.attach(id, { as: opd, letter: letter as never })).rejects.toMatchObject({
      code: 'requestInvalid', issues: [{ path: 'letter.number' }, { path: 'letter.date' }, { path: 'letter.kind', code: 'unknownName' }],
    })
  })
})

test('a closed desk rejects, it does not throw past a promise', async () => {
  const here = await open('kabupaten-purbalingga')
  await here.desk.close()
  await expect(here.desk.runEffects().catch((error: unknown) => error)).resolves.toMatchObject({ code: 'deskClosed' })
  await expect(here.desk.proven('P-1').catch((error: unknown) => error)).resolves.toMatchObject({ code: 'deskClosed' })
})
