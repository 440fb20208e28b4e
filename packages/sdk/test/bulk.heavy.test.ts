import { createHash } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { readCertificate, type Certificate } from '@cabut/pki/certificate'
import { formatName } from '@cabut/pki/name'
import { readCrl } from '@cabut/pki/crl'
import {
  checkRows, executeList, findThroughEsign, holdersToReissue, lettersSignedSince, readRows, recordDone, reconcileWithCrl, requestIdOf, rowFindings, untilEnded, worklist, writeResults,
  type BulkHands, type CheckOptions, type RowResult, type RowVerdict,
} from '../src/bulk/index.js'
import { createAssistedAms } from '../src/ams/index.js'
import { allowIdentityInUrl, allowPlainHttp, basic, createEsign } from '../src/esign/index.js'
import { loadStandard } from '../src/standard/index.js'
import { findings, openOffice, people, type Office } from './office.js'

const { opd, head, verifier } = people.purbalingga
const standard = loadStandard('kabupaten-purbalingga')
const hands: BulkHands = { file: opd, dispose: { as: head, to: verifier }, decide: { as: verifier, findings } }

let office: Office
afterEach(() => office.close())

/** Starts in a moment: the keys of the authority are made once. */
function openDesk(more: NonNullable<Parameters<typeof openOffice>[1]> = {}): Promise<Office> {
  return openOffice('kabupaten-purbalingga', { ...more, sandbox: { reuseKeys: true, ...more.sandbox } })
}

const base64 = (der: Uint8Array): string => Buffer.from(der).toString('base64')
const digestOf = (list: string): string => createHash('sha256').update(list).digest('hex')
const rowsOf = (list: string): ReturnType<typeof readRows> => readRows((async function* () { yield new TextEncoder().encode(list) })())

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> { yield* items }

function check(list: string, more: Partial<CheckOptions> = {}): Promise<RowVerdict[]> {
  return all(checkRows(() => rowsOf(list), {
    standard, applicant: { id: opd.id, opd: opd.opd }, reason: 'pensiun', letters: ['requestLetter', 'reasonStatement'], now: new Date(office.clock.now), desk: office.desk, ...more,
  }))
}

async function execute(plan: readonly RowVerdict[], list: string, more: Partial<Parameters<typeof executeList>[1]> = {}): Promise<RowResult[]> {
  const letters = [await office.letter('requestLetter'), await office.letter('reasonStatement')]
  return all(executeList(each(plan), { desk: office.desk, sha256: digestOf(list), letters, hands, wait: (ms) => office.pass(Math.max(ms, 1_000)), now: () => office.clock.now, ...more }))
}

describe('checking a list', () => {
  test('every row has its finding and nothing is filed', async () => {
    office = await openDesk()
    const [good, second, gone] = [await office.issue('laras.kinanti'), await office.issue('laras.kinanti'), await office.issue('laras.kinanti')]
    const open = await office.desk.file({ certificate: second.der, reason: 'pensiun', applicant: { id: opd.id, opd: opd.opd }, as: opd, letters: [await office.letter('requestLetter'), await office.letter('reasonStatement')] })
    const list = [
      'sertifikat;penerbit;seri;nik;alasan;tmt', `${base64(good.der)};;;;;`, `${base64(good.der)};;;;;`, `${base64(second.der)};;;;;`, `${base64(gone.der)};;;;;`, 'AAAA;;;;;', ';CN=X;zz;;;', ';;;123;;',
      ';;;9999020101800002;;', `${base64(good.der).slice(0, 40)};;;;;`, ';CN=Y, C=ID;abc1;;lupaPassphrase;', ';CN=Y, C=ID;abc2;;mutasi;2026-13-01', ';CN=Y, C=ID;abc3;;;', ';;;;mutasi;', 'x";;;;;',
    ].join('\r\n')
    const found = await check(list, { status: async (certificate) => ({ status: certificate.serial === gone.serial ? 'revoked' : 'good' }) as never })
    expect(found.map(({ row, finding }) => [row, finding])).toEqual([
      [1, 'ready'], [2, 'duplicate'], [3, 'alreadyFiled'], [4, 'alreadyRevoked'], [5, 'invalid'], [6, 'invalid'], [7, 'invalid'], [8, 'unresolved'], [9, 'invalid'], [10, 'invalid'], [11, 'invalid'], [12, 'ready'],
      [13, 'invalid'], [14, 'unreadable'],
    ])
    expect(found.map(({ detail }) => detail)).toEqual([
      undefined, 'row 1', open.id, undefined, 'certificate: certificateUnreadable', 'certificate.serial: serialForm', 'nik: nikForm', 'no e-Sign service is set up', 'certificate: certificateUnreadable',
      'reason: reasonAdvice', 'effectiveDate: dateForm', undefined, 'certificate: certificateMissing', 'form',
    ])
    expect(found.every(({ finding }) => finding in rowFindings)).toBe(true)
    expect(await office.desk.list()).toHaveLength(1)
  })

  test('a missing letter is found before anything is filed; for an expedited reason it may follow', async () => {
    office = await openDesk()
    const list = 'penerbit;seri;alasan\n"CN=Y, C=ID";abc3;\n"CN=Y, C=ID";abc4;kunciBocor\n'
    expect((await check(list, { letters: [] })).map(({ finding, detail }) => [finding, detail])).toEqual([
      ['invalid', 'letters: letterMissing; letters: letterMissing'], standard.expedite.letterToFollow === null ? ['invalid', 'letters: letterMissing; letters: letterMissing'] : ['ready', undefined],
    ])
  })

  test('a person is found through e-Sign; of several certificates a person picks one', async () => {
    office = await openDesk()
    const [first, second] = [readCertificate((await office.issue('laras.kinanti')).der), readCertificate((await office.issue('laras.kinanti')).der)]
    const { username, password } = office.sandbox.manage.esign
    const esign = createEsign({ baseUrl: office.sandbox.urls.esign, credential: basic(username, password), fetch: office.sandbox.fetch, allow: [allowPlainHttp, allowIdentityInUrl] })
    const list = 'nik\n9999020101800002\n9999020101800009\n'
    const through = await check(list, { findByPerson: findThroughEsign(esign) })
    expect(through.map(({ finding, serial }) => [finding, serial])).toEqual([['ready', second.serial], ['noCertificate', undefined]])

    const findByPerson = async (): Promise<{ found: readonly Certificate[] }> => ({ found: [first, second] })
    const [asked] = await check('nik\n9999020101800002\n', { findByPerson })
    expect(asked).toMatchObject({ finding: 'ambiguous', candidates: [{ serial: first.serial }, { serial: second.serial }] })
    const [picked] = await check('nik\n9999020101800002\n', { findByPerson, pick: async () => first.serial })
    expect(picked).toMatchObject({ finding: 'ready', serial: first.serial })
    const [named] = await check(`nik;seri\n9999020101800002;${second.serial}\n`, { findByPerson })
    expect(named).toMatchObject({ finding: 'ready', serial: second.serial })
  })
})

describe('executing a list', () => {
  test('three people run the same list one after the other; it ends with the proof of every row or its reason', async () => {
    office = await openDesk()
    const leaves = await Promise.all(Array.from({ length: 5 }, () => office.issue('laras.kinanti')))
    const list = `sertifikat;username\n${leaves.map((leaf) => `${base64(leaf.der)};laras.kinanti`).join('\n')}\nAAAA;x\n`
    office.sandbox.manage.revokeAtAuthority(leaves[4]?.serial ?? '', 'superseded')
    await office.pass(3_700_000, 600_000)
    const plan = await check(list)
    expect((await execute(plan, list, { hands: { file: opd }, chunk: 2 })).map(({ outcome, status }) => [outcome, status])).toEqual([
      ...Array.from({ length: 4 }, () => ['waiting', 'submitted']), ['alreadyRevoked', undefined], ['skipped', undefined],
    ])
    await execute(plan, list, { hands: { dispose: { as: head, to: verifier } } })
    expect((await execute(plan, list, { hands: { decide: { as: verifier, findings } }, chunk: 2 })).slice(0, 4).map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => 'approved'))
    expect(await untilEnded(() => each(plan), 6 * 3_600_000, { desk: office.desk, sha256: digestOf(list), wait: () => office.pass(600_000, 300_000), now: () => office.clock.now })).toBe(true)

    const results = await execute(plan, list)
    expect(results.map(({ outcome }) => outcome)).toEqual(['proven', 'proven', 'proven', 'proven', 'alreadyRevoked', 'skipped'])
    for (const leaf of leaves) expect(office.sandbox.manage.timesRevoked(leaf.serial)).toBe(1)
    const text = (await all(writeResults(each(results)))).join('')
    expect(text.split('\r\n')).toHaveLength(8)
    expect(text).toContain(`0x${leaves[0]?.serial}`)
    expect(text).not.toMatch(/laras/i)
  })

  test('four eyes hold for a list as for one request', async () => {
    office = await openDesk()
    const list = `sertifikat\n${base64((await office.issue('laras.kinanti')).der)}\n`
    const alone = { id: opd.id, role: 'verifier', opd: 'dinkominfo' } as const
    const [result] = await execute(await check(list), list, { hands: { file: opd, dispose: { as: head, to: verifier }, decide: { as: alone, findings } } })
    expect(result).toMatchObject({ outcome: 'refused', status: 'disposed' })
    expect(['fourEyes', 'notDisposedTo']).toContain(result?.detail)
  })

  test('stopped at every step and run again, it files nothing twice', async () => {
    office = await openDesk()
    const leaves = await Promise.all(Array.from({ length: 3 }, () => office.issue('laras.kinanti')))
    const list = `sertifikat\n${leaves.map((leaf) => base64(leaf.der)).join('\n')}\n`
    const plan = await check(list)
    const { desk } = office
    let budget = 0
    // A process that dies: after `budget` calls of the desk nothing answers any more.
    const dying = new Proxy(desk, {
      get: (target, name: keyof typeof desk) => typeof target[name] !== 'function' ? target[name] : (...given: unknown[]) => {
        budget -= 1
        if (budget < 0) throw new Error('killed')
        return (target[name] as (...given: unknown[]) => unknown).apply(target, given)
      },
    })
    let killed = 0
    for (let calls = 1; ; calls += 1) {
      budget = calls
      try {
        await execute(plan, list, { desk: dying, concurrency: 1 })
        break
      } catch (error) {
        expect((error as Error).message).toBe('killed')
        killed += 1
      }
    }
    expect(killed).toBeGreaterThan(5)
    expect((await desk.list()).map(({ id }) => id)).toEqual([1, 2, 3].map((row) => requestIdOf(digestOf(list), row)))
    for (const { id } of await desk.list()) expect((await desk.history(id)).map(({ type }) => type).filter((type) => type === 'filed' || type === 'approved')).toEqual(['filed', 'approved'])
  })

  test('two runs of one list at the same time file each row once', async () => {
    office = await openDesk()
    const leaves = await Promise.all(Array.from({ length: 4 }, () => office.issue('laras.kinanti')))
    const list = `sertifikat\n${leaves.map((leaf) => base64(leaf.der)).join('\n')}\n`
    const plan = await check(list)
    await Promise.all([execute(plan, list, { hands: { file: opd } }), execute(plan, list, { hands: { file: opd } })])
    expect(await office.desk.list()).toHaveLength(4)
  })

  test('filings keep to the rate, and the next chunk waits until AMS has taken this one', async () => {
    office = await openDesk({ sandbox: { bsre: { decide: 'manual' } } })
    const leaves = await Promise.all(Array.from({ length: 4 }, () => office.issue('laras.kinanti')))
    const list = `sertifikat\n${leaves.map((leaf) => base64(leaf.der)).join('\n')}\n`
    const begun = office.clock.now
    const plan = await check(list)
    await execute(plan, list, { hands: { file: opd }, perMinute: 2, concurrency: 1 })
    expect(office.clock.now - begun).toBeGreaterThanOrEqual(90_000)

    office.sandbox.manage.faults.set([{ kind: 'status', on: 'ams.fileRevocation', status: 503 }, { kind: 'status', on: 'ams.findRevocations', status: 503 }])
    const stuck = await execute(plan, list, { chunk: 2, settleWithin: 30_000 })
    expect(stuck.map(({ status }) => status)).toEqual(['approved', 'approved', 'submitted', 'submitted'])
    office.sandbox.manage.faults.set('none')
    await office.pass(3_600_000, 300_000)
    await execute(plan, list, { chunk: 2 })
    expect(new Set((await office.desk.list()).map(({ status }) => status))).toEqual(new Set(['atBsre']))
  })

  test('no more rows are read than are in hand: memory does not grow with the list', async () => {
    office = await openDesk()
    const rows = 3_000
    let read = 0
    let taken = 0
    let most = 0
    async function* source(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode('penerbit;seri\n')
      for (let row = 1; row <= rows; row += 1) {
        read += 1
        most = Math.max(most, read - taken)
        yield new TextEncoder().encode(`"CN=Contoh, C=ID";${(row + 0xa00000).toString(16)}\n`)
      }
    }
    let open = 0
    const found = checkRows(() => { open += 1; read = 0; taken = open === 1 ? rows : 0; return readRows(source()) }, {
      standard, applicant: { id: opd.id, opd: opd.opd }, reason: 'pensiun', letters: ['requestLetter', 'reasonStatement'], now: new Date(office.clock.now), concurrency: 8,
    })
    for await (const { finding } of found) {
      expect(finding).toBe('ready')
      taken += 1
    }
    expect(taken).toBe(rows)
    expect(most).toBeLessThanOrEqual(16)
  })
})

describe('assisted', () => {
  test('300 rows by hand: the next CRL names the row skipped and the wrong certificate revoked', async () => {
    office = await openDesk({ desk: { ams: createAssistedAms(), pace: { settleAfter: 30 * 86_400_000 }, fetch: false }, sandbox: { publication: { delay: 'manual' } } })
    const issuer = readCertificate(office.sandbox.ca.issuingPem)
    const issuerDn = formatName(issuer.subject)
    // Serial numbers are enough: no certificate is at hand.
    const leaves = Array.from({ length: 301 }, (_, index) => ({ serial: (0x5a0000n + BigInt(index)).toString(16).repeat(3) }))
    const list = `penerbit;seri;username;subject_dn\n${leaves.slice(0, 300).map(({ serial }) => `"${issuerDn.replaceAll('"', '""')}";0x${serial};laras.kinanti;"CN=Laras Kinanti, C=ID"`).join('\n')}\n`
    const sha256 = digestOf(list)
    const plan = await check(list)
    expect(new Set(plan.map(({ finding }) => finding))).toEqual(new Set(['ready']))
    office.sandbox.manage.publish()
    const before = readCrl(new Uint8Array(await (await office.sandbox.fetch(office.sandbox.urls.crl)).arrayBuffer()))
    await execute(plan, list, { chunk: 300 })

    let done = 0
    for (const stop of [100, 1_000]) {
      // The officer goes home in the middle; the next day goes on with the next row.
      for await (const item of worklist(each(plan), { desk: office.desk, sha256 })) {
        expect(item).toMatchObject({ row: done + 1, username: 'laras.kinanti', reasonLabel: 'Pensiun', serialDecimal: BigInt(`0x${item.serial}`).toString() })
        if (item.row === 42) { /* skipped by mistake, yet ticked off */ }
        else office.sandbox.manage.revokeAtAuthority(item.row === 77 ? leaves[300]?.serial ?? '' : item.serial, 'cessationOfOperation')
        await recordDone(office.desk, item, { as: verifier })
        done += 1
        if (done === stop) break
      }
    }
    expect(done).toBe(300)
    office.sandbox.manage.revokeAtAuthority('77'.repeat(9))
    office.sandbox.manage.publish({ withheld: true })
    const after = readCrl(new Uint8Array(await (await office.sandbox.fetch(office.sandbox.urls.crl)).arrayBuffer()))
    const own = new Set(leaves.map(({ serial }) => serial))
    const discrepancies = await all(reconcileWithCrl(each(plan), { desk: office.desk, sha256, before, after, issuerDn, isOwn: (serial) => own.has(serial) }))
    expect(discrepancies.map((one) => [one.kind, 'row' in one ? one.row : one.serial === leaves[300]?.serial])).toEqual([
      ['notListed', 42], ['notListed', 77], ['wrongCertificate', true], ['unexplained', false],
    ])
    await expect(all(reconcileWithCrl(each(plan), { desk: office.desk, sha256, before: after, after: before, issuerDn }))).rejects.toMatchObject({ code: 'bulkUnreadable', at: 'crl' })
  }, 120_000)
})

describe('incident', () => {
  test('names the holders to re-issue, and the letters the compromised keys signed after the invalidity date', async () => {
    office = await openDesk()
    const leaf = await office.issue('laras.kinanti')
    const certificate = readCertificate(leaf.der)
    const list = `sertifikat;username;nama;alasan\n${base64(leaf.der)};laras.kinanti;Laras Kinanti;kunciBocor\n`
    const plan = await check(list, { invalidityDate: '2026-11-20' })
    const [result] = await execute(plan, list, { hands: { file: opd } })
    const id = result?.requestId ?? ''
    expect((await office.desk.get(id)).state).toMatchObject({ expedited: true, invalidityDate: '2026-11-20' })
    expect(await all(holdersToReissue(each(plan), { desk: office.desk, sha256: digestOf(list) }))).toEqual([
      { row: 1, requestId: id, serial: leaf.serial, opd: 'dindik', username: 'laras.kinanti', name: 'Laras Kinanti', subjectDn: formatName(certificate.subject), proven: false },
    ])
    const signatures = [
      { certificate, integrity: 'intact', when: { proven: { time: new Date('2026-11-20T03:00:00Z') } } }, { certificate, integrity: 'intact', when: { proven: { time: new Date('2026-11-18T03:00:00Z') } } },
      { certificate, integrity: 'intact', when: { claimed: new Date('2020-01-01T00:00:00Z') } }, { certificate, integrity: 'broken', when: {} },
      { certificate: readCertificate(office.sandbox.ca.issuingPem), integrity: 'intact', when: {} },
    ]
    let read = 0
    const letters = await all(lettersSignedSince({ desk: office.desk, isIncident: (one) => one === id, inspect: async () => ({ signatures: (read += 1) === 1 ? signatures as never : [] }) }))
    expect(letters.map(({ when, provenAt }) => [when, provenAt])).toEqual([['after', '2026-11-20T03:00:00.000Z'], ['unproven', undefined]])
    expect(letters[0]).toMatchObject({ requestId: id, revokedBy: id, serial: leaf.serial })
    expect(read).toBe(2)
  })
})
