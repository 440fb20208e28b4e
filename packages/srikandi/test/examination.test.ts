import { PDFDocument } from 'pdf-lib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCertificate } from '@cabut/pki'
import type { LetterReport, LetterSignature, Standing } from '@cabut/pki/letter'
import { readRequest } from '@cabut/sdk/request'
import { loadStandard } from '@cabut/sdk/standard'
import { createSandbox, type Leaf, type Sandbox } from '@cabut/sandbox'
import { examineLetter, judgeSignatures, type ExamineOptions, type LetterFinding } from '@cabut/srikandi'
import { letterPdf, letterRow, offices, openLetterOffice, tuesday } from './letter-office.js'
import { writeLetter } from './letter-writer.js'
import { signLetter } from '@cabut/sandbox/letter'

let sandbox: Sandbox
let head: Leaf
let holder: Leaf
const signedAt = new Date(tuesday - 86_400_000)
beforeAll(async () => {
  sandbox = await createSandbox({ seed: 'examination', faults: 'none', now: () => tuesday })
  head = await sandbox.manage.issue({ username: 'surya.wibisana' })
  holder = await sandbox.manage.issue({ username: 'laras.kinanti' })
})
afterAll(async () => { await sandbox.close() })

const signatures = (): NonNullable<ExamineOptions['signatures']> => ({ anchors: sandbox.anchors, intermediates: [sandbox.ca.issuingPem], fetch: sandbox.fetch, at: new Date(tuesday) })
const codes = (findings: readonly LetterFinding[]): string[] => findings.map(({ code }) => code).sort()
const examine = async (bytes: Uint8Array, stated: ExamineOptions['stated'] = {}): Promise<string[]> => codes((await examineLetter(bytes, { offices, stated, signatures: signatures() })).findings)
const signed = (letter: Parameters<typeof writeLetter>[0] = {}, by: Leaf = head): Promise<Uint8Array> => writeLetter({ electronic: true, name: 'Surya Wibisana, S.T.', ...letter }).then((pdf) => signLetter(pdf, by, signedAt))
const office = { ...offices[0] as (typeof offices)[number], signatories: [{ nama: 'Surya Wibisana' }] }
const reference = async (leaf: Leaf): Promise<NonNullable<NonNullable<ExamineOptions['stated']>['certificates']>> =>
  [(await readRequest({ certificate: leaf.der, reason: 'mutasi', applicant: { id: 'opd.DINDIK', opd: 'DINDIK' }, letters: [{ kind: 'requestLetter', bytes: await letterPdf('x') }] }, { standard: loadStandard('kabupaten-purbalingga') })).certificate]

describe('what a letter shows the verifier', () => {
  it('a sound signature of an official who may sign', async () => {
    expect(await examine(await signed(), { number: '000.8.3.3/15/DINDIK', date: '2026-11-23', office, certificates: await reference(holder) })).toEqual(['signed'])
  })
  it('a printout, a letter without signature, a scan', async () => {
    expect(await examine(await writeLetter({ electronic: true }))).toEqual(['printout'])
    expect(await examine(await writeLetter())).toEqual(['unsigned'])
    const png = Uint8Array.from(atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='), (character) => character.charCodeAt(0))
    const scan = await PDFDocument.create()
    scan.addPage([595, 842]).drawImage(await scan.embedPng(png), { x: 0, y: 0, width: 595, height: 842 })
    expect(await examine(await scan.save())).toEqual(['scanned'])
  })
  it('a signer who is not listed, and not the one in the block', async () => {
    expect(await examine(await signed({ name: 'Sri Wahyuni, S.Pd., M.M.' }, holder), { office })).toEqual(['signed', 'signerDiffers', 'signerNotListed'])
    const listed = { ...office, signatories: [{ nama: 'Laras Kinanti', certificates: ['00'.repeat(32)] }] }
    expect(await examine(await signed({ name: 'Laras Kinanti' }, holder), { office: listed })).toEqual(['signed', 'signerNotListed'])
  })
  it("a head's own certificate under revocation never authorises itself", async () => {
    expect(await examine(await signed(), { office, certificates: await reference(head) })).toEqual(['signed', 'signerUnderRevocation'])
    const { issuerDn, serial, subjectDn } = (await reference(head))[0] ?? {}
    if (issuerDn === undefined || serial === undefined || subjectDn === undefined) throw new Error('no reference')
    expect(await examine(await signed(), { certificates: [{ issuerDn, serial }] })).toContain('signerUnderRevocation')
    expect(await examine(await signed(), { certificates: [{ subjectDn, username: 'surya.wibisana' }] })).toContain('signerUnderRevocation')
  })
  it('acting officials', async () => {
    expect(await examine(await signed({ position: ['Plt. Kepala Dinas Pendidikan,'] }))).toEqual(['signed', 'signedActing'])
  })
  it('what differs from what was typed in', async () => {
    expect(await examine(await signed(), { number: '000.8.3.3/16/DINDIK', date: '2026-11-24', office: { code: 'DINKES', name: 'Dinas Kesehatan' } })).toEqual(['dateDiffers', 'numberDiffers', 'senderDiffers', 'signed'])
    const table = { columns: [['No', 30], ['Nama', 130], ['Nomor Seri', 200]] as const, rows: [['1', 'Laras Kinanti', holder.serial], ['2', 'Bima', '0a:0b']] }
    const both = await reference(holder)
    const bytes = await signed({ table })
    expect(await examine(bytes, { certificates: both })).toEqual(['signed', 'tableDiffers'])
    expect(await examine(bytes, { certificates: [...both, { issuerDn: holder.issuerDn, serial: 'a0b' }] })).toEqual(['signed'])
    expect(await examine(await signed({ table: { ...table, rows: [['1', 'Laras', undefined]] } }), { certificates: both })).toEqual(['signed', 'tableUnclear'])
  })
  it('a signature that was broken, and octets added behind it', async () => {
    const whole = await signed()
    const broken = whole.slice()
    broken[Buffer.from(whole).indexOf('/MediaBox') + 2] = 0x5a
    expect(await examine(broken)).toContain('signatureBroken')
    expect(await examine(Uint8Array.from([...whole, ...new TextEncoder().encode('\n% tambahan\n%%EOF\n')]))).toContain('contentChanged')
  })
  it('without anchors: told, not judged', async () => {
    expect(codes((await examineLetter(await signed(), { offices })).findings)).toEqual(['signaturesNotJudged'])
  })
  it('a signer of another authority', async () => {
    const other = await createSandbox({ seed: 'other', faults: 'none', now: () => tuesday })
    try {
      expect(await examine(await signed({}, await other.manage.issue({ username: 'surya.wibisana' })))).toEqual(['signerUntrusted'])
    } finally {
      await other.close()
    }
  })
  it('1 MB and one octet: kept, and told', async () => {
    const pdf = await writeLetter()
    const padded = Buffer.concat([pdf.subarray(0, pdf.length - 6), Buffer.alloc(1024 * 1024 + 1 - pdf.length, 0x20), pdf.subarray(pdf.length - 6)])
    expect(padded).toHaveLength(1024 * 1024 + 1)
    expect(await examine(padded)).toContain('aboveAmsLimit')
  })

  it.each([
    ['revokedBefore', 'signerRevokedBefore'], ['revokedAfter', 'signerRevokedAfter'], ['revoked', 'signerRevoked'], ['suspended', 'signerSuspended'], ['expired', 'signerExpired'], ['notYetValid', 'signerNotYetValid'], ['unknown', 'signerUnknown'],
  ] as const)('a signer in the standing %s', async (standing: Standing, code) => {
    const certificate = readCertificate(head.der)
    const signature = {
      field: 'F', subFilter: 'ETSI.CAdES.detached', integrity: 'intact', coversWholeFile: true, certificate, when: {}, level: 'B-T', problems: [], afterwards: { octets: 0, changes: [], contentChanged: false },
      signer: { certificate, chain: [certificate, certificate], standing },
    } as unknown as LetterSignature
    const report = { kind: 'signed', at: new Date(tuesday), signatures: [signature], problems: [] } as unknown as LetterReport
    expect(codes(await judgeSignatures(report, { revoking: [] }))).toEqual([code])
  })
})

describe('a letter that arrives after its signer was revoked', () => {
  it('is taken, flagged at arrival, and flagged again whenever the verifier looks', async () => {
    const here = await openLetterOffice({ sandbox: { faults: 'none', publication: { delay: 0 } }, letters: { offices: [office, ...offices.slice(1)] } })
    try {
      const signer = await here.issue('surya.wibisana')
      const target = await here.issue('laras.kinanti')
      const judged = await openLetterOffice({ running: here.sandbox, letters: { offices: [office, ...offices.slice(1)], clock: () => new Date(here.clock.now), signatures: { anchors: here.sandbox.anchors, intermediates: [here.sandbox.ca.issuingPem], fetch: here.sandbox.fetch } } })
      try {
        const pdf = await signLetter(await writeLetter({ electronic: true, name: 'Surya Wibisana' }), signer, new Date(tuesday))
        const row = letterRow({ alasan: 'mutasi', sertifikat: target.certificatePem })
        await judged.put('sebelum', row, pdf)
        const [first] = await judged.letters.receive()
        expect(first?.outcome === 'taken' && codes(first.examination?.findings ?? [])).toEqual(['signed'])
        here.sandbox.manage.revokeAtAuthority(signer.serial, 'keyCompromise')
        here.sandbox.manage.publish()
        await judged.put('sesudah', letterRow({ alasan: 'mutasi', sertifikat: (await here.issue('ratna.pertiwi')).certificatePem }, { nomor: '000.8.3.3/16/DINDIK' }), await signLetter(await writeLetter({ electronic: true, name: 'Surya Wibisana', nomor: '000.8.3.3/16/DINDIK' }), signer, new Date(tuesday)))
        const [second] = await judged.letters.receive()
        expect(second?.outcome === 'taken' && codes(second.examination?.findings ?? [])).toEqual(['signerRevoked'])
        const [request] = first?.outcome === 'taken' ? first.requests : []
        const again = await judged.letters.examine(request?.request ?? '')
        expect(codes(again.findings)).toEqual(['signerRevoked'])
        expect(again.findings[0]).toMatchObject({ level: 'alarm', at: 'Tanda tangan 1' })
        expect(JSON.stringify(again.findings)).not.toContain('Surya')
      } finally {
        await judged.close()
      }
    } finally {
      await here.close()
    }
  })
})
