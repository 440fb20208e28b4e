import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildOcspRequest, readCertificate } from '@cabut/pki'
import { createSandbox, type Leaf, type Sandbox } from '@cabut/sandbox'
import { PDFDocument } from 'pdf-lib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cabut } from './run.js'
import { signPdf, withOpenssl } from './sign.js'

let folder: string
let sandbox: Sandbox
let leaf: Leaf
let other: Leaf
const file = (name: string): string => join(folder, name)
const json = async (args: readonly string[]): Promise<{ code: number; value: Record<string, unknown> }> => {
  const { code, out } = await cabut([...args, '--json'])
  return { code, value: JSON.parse(out) as Record<string, unknown> }
}

async function ask(which: Leaf): Promise<Uint8Array> {
  const request = await buildOcspRequest({ certificate: readCertificate(which.der), issuer: readCertificate(sandbox.ca.issuingPem) })
  return new Uint8Array(await (await sandbox.fetch(sandbox.urls.ocsp, { method: 'POST', body: request as BodyInit, headers: { 'content-type': 'application/ocsp-request' } })).arrayBuffer())
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cabut-evidence-'))
  sandbox = await createSandbox({ faults: 'none' })
  leaf = await sandbox.ca.issueLeaf({ commonName: 'Ratna Pertiwi' })
  other = await sandbox.ca.issueLeaf({ commonName: 'Bima Anggara' })
  await writeFile(file('leaf.pem'), leaf.certificatePem)
  await writeFile(file('other.pem'), other.certificatePem)
  await writeFile(file('root.pem'), sandbox.anchors[0])
  await writeFile(file('issuing.pem'), sandbox.ca.issuingPem)
  await writeFile(file('root.crl'), new Uint8Array(await (await sandbox.fetch(sandbox.ca.urls.rootCrl)).arrayBuffer()))
  await writeFile(file('before.crl'), sandbox.ca.crl())
  await writeFile(file('good.ors'), await ask(leaf))
  sandbox.manage.revokeAtAuthority(other.serial, 'keyCompromise')
  sandbox.manage.publish()
  await writeFile(file('after.crl'), sandbox.ca.crl())
  await writeFile(file('revoked.ors'), await ask(other))
})
afterAll(async () => {
  await sandbox.close()
  await rm(folder, { recursive: true, force: true })
})

describe('crl', () => {
  test('inspect counts entries and reasons', async () => {
    const { code, value } = await json(['crl', 'inspect', file('after.crl')])
    expect(code).toBe(0)
    expect(value).toMatchObject({ version: 2, entries: 1, delta: false, reasons: { keyCompromise: 1 } })
    expect((await cabut(['crl', 'inspect', file('after.crl')], 'id')).out).toContain('1 entri')
  })
  test('diff says what was added, and that a list went back', async () => {
    const forward = await json(['crl', 'diff', file('before.crl'), file('after.crl')])
    expect(forward).toMatchObject({ code: 0, value: { rolledBack: false, added: [{ serial: other.serial, reason: 'keyCompromise' }], removed: [], changed: [] } })
    const back = await cabut(['crl', 'diff', file('after.crl'), file('before.crl')])
    expect(back).toMatchObject({ code: 25, out: expect.stringContaining('ROLLED BACK') as string })
    expect(await cabut(['crl', 'diff', file('before.crl'), file('root.crl')])).toMatchObject({ code: 2, err: expect.stringContaining('different issuers') as string })
  })
  test('lookup by hexadecimal, colons or decimal; verified only with the issuer', async () => {
    const colons = other.serial.padStart(other.serial.length + (other.serial.length % 2), '0').replace(/..(?=.)/g, '$&:').toUpperCase()
    for (const serial of [other.serial, `0x${other.serial}`, `00${other.serial}`, colons, `dec:${BigInt(`0x${other.serial}`)}`]) {
      expect(await json(['crl', 'lookup', file('after.crl'), '--serial', serial])).toMatchObject({ code: 10, value: { signature: 'notChecked', listed: true, serial: other.serial } })
    }
    expect((await cabut(['crl', 'lookup', file('after.crl'), '--serial', other.serial])).out).toContain('no proof')
    const verified = await cabut(['crl', 'lookup', file('after.crl'), '--serial', leaf.serial, '--issuer', file('issuing.pem')], 'id')
    expect(verified).toMatchObject({ code: 14, out: expect.stringMatching(/TIDAK TERCANTUM[^]*belum berarti aktif: daftar sebagian/) as string })
    expect(verified.out).not.toContain('bukan bukti')
    expect(await cabut(['crl', 'lookup', file('after.crl'), '--serial', other.serial, '--issuer', file('root.pem')])).toMatchObject({ code: 14 })
  })
  test('lookup: absence is an answer only from a list that is verified, current and whole (RFC 5280 5.1.2.5)', async () => {
    const absent = ['crl', 'lookup', file('root.crl'), '--serial', leaf.serial]
    const verified = [...absent, '--issuer', file('root.pem')]
    expect(await json(verified)).toMatchObject({ code: 0, value: { listed: false, provesAbsence: true } })
    expect(await cabut(absent)).toMatchObject({ code: 14, out: expect.stringContaining('give --issuer') as string })
    expect(await cabut([...verified, '--at', '2051-01-01T00:00:00Z'])).toMatchObject({ code: 14, out: expect.stringContaining('out of date') as string })
    expect(await cabut([...verified, '--at', '2001-01-01T00:00:00Z'])).toMatchObject({ code: 14, out: expect.stringContaining('after that time') as string })
  })
  test('a file that is no CRL is bad input', async () => {
    expect((await cabut(['crl', 'inspect', file('good.ors')]))).toMatchObject({ code: 2, err: expect.stringMatching(/\[[a-zA-Z]+\]/) as string })
  })
})

describe('ocsp inspect', () => {
  test('shows the answer, and proves nothing without issuer and certificate', async () => {
    const { code, value } = await json(['ocsp', 'inspect', file('revoked.ors')])
    expect(code).toBe(0)
    expect(value).toMatchObject({ status: 'successful', responses: [{ serial: other.serial, status: 'revoked', reason: 'keyCompromise' }] })
    expect((await cabut(['ocsp', 'inspect', file('revoked.ors')])).out).toContain('no proof')
    expect((await cabut(['ocsp', 'inspect', file('revoked.ors'), '--issuer', file('issuing.pem')])).code).toBe(2)
  })
  test('judges it with both', async () => {
    const judged = (answer: string, certificate: string): string[] => ['ocsp', 'inspect', file(answer), '--issuer', file('issuing.pem'), '--certificate', file(certificate)]
    expect(await cabut(judged('revoked.ors', 'other.pem'), 'id')).toMatchObject({ code: 10, out: expect.stringContaining('DICABUT') as string })
    expect((await cabut(judged('good.ors', 'leaf.pem'))).code).toBe(0)
    expect(await json(judged('good.ors', 'other.pem'))).toMatchObject({ code: 14, value: { judgement: { verdict: 'unknown', reason: 'otherCertificate' } } })
    expect((await cabut([...judged('good.ors', 'leaf.pem'), '--at', '2031-01-01T00:00:00Z'])).code).toBe(14)
  })
})

if (!withOpenssl) console.warn('SKIP: openssl is not installed, no signed letter can be made for `letter inspect`')

describe('letter inspect', () => {
  const inspect = (name: string, ...more: string[]): string[] => ['letter', 'inspect', file(name), '--anchors', file('root.pem'), '--intermediates', file('issuing.pem'), '--offline', '--crl', file('after.crl'), file('root.crl'), ...more]

  test('text, a picture, and a printout of an e-signed letter are told apart', async () => {
    const plain = await PDFDocument.create()
    plain.addPage().drawText('Surat permohonan pencabutan')
    await writeFile(file('plain.pdf'), await plain.save())
    expect(await cabut(inspect('plain.pdf'), 'id')).toMatchObject({ code: 24, out: expect.stringContaining('TANPA TANDA TANGAN') as string })
    const printout = await PDFDocument.create()
    printout.addPage().drawText('Dokumen ini telah ditandatangani secara elektronik menggunakan')
    await writeFile(file('printout.pdf'), await printout.save())
    expect(await cabut(inspect('printout.pdf'), 'id')).toMatchObject({ code: 24, out: expect.stringContaining('minta berkas PDF aslinya') as string })
    const scan = await PDFDocument.create()
    const picture = await scan.embedPng(Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'))
    scan.addPage().drawImage(picture)
    await writeFile(file('scan.pdf'), await scan.save())
    expect(await cabut(inspect('scan.pdf'), 'id')).toMatchObject({ code: 24, out: expect.stringContaining('tanda tangan basah') as string })
  })

  test('no PDF, and no anchors, are bad input', async () => {
    expect(await cabut(inspect('leaf.pem'))).toMatchObject({ code: 2, err: expect.stringContaining('pdfMalformed') as string })
    expect((await cabut(['letter', 'inspect', file('leaf.pem')])).code).toBe(2)
  })

  describe.skipIf(!withOpenssl)('of a signed letter', () => {
    beforeAll(async () => {
      await writeFile(file('signed.pdf'), await signPdf('Surat permohonan pencabutan', leaf.certificatePem, leaf.privateKeyPem))
      await writeFile(file('by-revoked.pdf'), await signPdf('Surat permohonan pencabutan', other.certificatePem, other.privateKeyPem))
      const changed = await signPdf('Surat permohonan pencabutan', leaf.certificatePem, leaf.privateKeyPem)
      changed[changed.indexOf('/MediaBox', 'latin1') + 1]! ^= 1
      await writeFile(file('changed.pdf'), changed)
    })

    test('is intact, good, and its time only claimed', async () => {
      const { code, value } = await json(inspect('signed.pdf'))
      expect(code).toBe(0)
      expect(value).toMatchObject({ kind: 'signed', signatures: [{ field: 'Kepala Dinas', integrity: 'intact', level: 'B-B', coversWholeFile: true, certificate: { serial: leaf.serial }, signer: { standing: 'good' } }] })
      expect((value['signatures'] as { when: Record<string, unknown> }[])[0]!.when['proven']).toBeUndefined()
      expect((await cabut(inspect('signed.pdf'), 'id')).out).toContain('waktu hanya diakui')
    })
    test('by a revoked certificate, or changed, is doubtful', async () => {
      expect(await cabut(inspect('by-revoked.pdf'))).toMatchObject({ code: 23, out: expect.stringContaining('certificate REVOKED') as string })
      expect(await cabut(inspect('changed.pdf'))).toMatchObject({ code: 23, out: expect.stringContaining('BROKEN') as string })
    })
    test('--revoking: a letter signed with the certificate it wants revoked does not count', async () => {
      expect(await json(inspect('signed.pdf', '--revoking', file('leaf.pem')))).toMatchObject({ code: 23, value: { authorisation: { mayCount: false, usesKeyUnderRevocation: true } } })
      expect((await cabut(inspect('signed.pdf', '--revoking', file('leaf.pem')), 'id')).out).toContain('memakai sertifikat yang dimintakan pencabutannya')
      expect(await cabut(inspect('signed.pdf', '--revoking', file('other.pem')))).toMatchObject({ code: 0, out: expect.stringContaining('May count') as string })
    })
  })
})
