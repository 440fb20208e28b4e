import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { inspectLetter, type LetterSignature } from '../../src/letter/index.js'
import { later, makeParty, type Party } from '../build/certificate.js'
import type { Algorithm } from '../build/keys.js'
import { authority, ca, crl, deputy, documentPurpose, head, makeLetter, options, root, rootCrl, signedAt, token, withoutTimestamp, type LetterPlan } from './office.js'
import { PdfFile } from './pdf.js'

/** Independent judges: OpenSSL for CMS and timestamps, poppler's pdfsig for PDF signatures. */
const has = (command: string, ...args: string[]): boolean => spawnSync(command, args).error === undefined
const withOpenssl = has('openssl', 'version')
const withPdfsig = has('pdfsig', '-v')
if (!withOpenssl) console.warn('SKIP: openssl is not installed, CMS messages and timestamps have no second judge')
if (!withPdfsig) console.warn('SKIP: pdfsig (poppler-utils) is not installed, PDF signatures have no second judge')

const folder = mkdtempSync(join(tmpdir(), 'cabut-letter-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let counter = 0
function file(content: Buffer | string, ending = 'bin'): string {
  const path = join(folder, `${counter++}.${ending}`)
  writeFileSync(path, content)
  return path
}
const pem = (party: Party): string => `-----BEGIN CERTIFICATE-----\n${party.der.toString('base64').match(/.{1,64}/g)!.join('\n')}\n-----END CERTIFICATE-----\n`
const privateKey = (party: Party): string => file(party.key.privateKey.export({ type: 'pkcs8', format: 'pem' }), 'pem')
function openssl(...args: string[]): { ok: boolean; err: string } {
  const { status, stderr } = spawnSync('openssl', args)
  return { ok: status === 0, err: stderr.toString() }
}
const seconds = (date: Date): string => String(date.getTime() / 1000)
const rootFile = file(pem(root), 'pem')
const chainFile = file(pem(ca) + pem(root), 'pem')
const caFile = file(pem(ca), 'pem')

/** The covered octets and the message of the last signature, by its ByteRange alone. */
function takeApart(bytes: Buffer): { covered: Buffer; message: Buffer } {
  const [, a, b, c, d] = /\/ByteRange \[(\d+) (\d+) (\d+) (\d+)\s*\]/.exec(bytes.subarray(bytes.lastIndexOf('/ByteRange', undefined, 'latin1')).toString('latin1'))!.map(Number)
  const message = Buffer.from(bytes.subarray(b! + 1, c! - 1).toString('latin1').replace(/(00)+$/, ''), 'hex')
  return { covered: Buffer.concat([bytes.subarray(a, a! + b!), bytes.subarray(c, c! + d!)]), message }
}

const first = async (pdf: PdfFile, more = {}): Promise<LetterSignature> => (await inspectLetter(pdf.bytes, { ...options, ...more })).signatures[0]!

describe.skipIf(!withOpenssl)('OpenSSL as a second judge', () => {
  const verify = (pdf: PdfFile): boolean => {
    const { covered, message } = takeApart(pdf.bytes)
    // The message may end in zeros that are its own: DER says where it ends, and OpenSSL ignores what follows.
    return openssl('cms', '-verify', '-binary', '-inform', 'DER', '-in', file(Buffer.concat([message, Buffer.alloc(4)])), '-content', file(covered), '-CAfile', chainFile, '-purpose', 'any', '-attime', seconds(signedAt), '-out', join(folder, 'out')).ok
  }
  const signerOf = (algorithm: Algorithm): Party => makeParty({ subject: `CN=Pegawai ${algorithm}`, issuer: ca, algorithm, extensions: [documentPurpose] })
  // OpenSSL takes any content type that is consistent; ISO 32000-1 12.8.3.3 has only id-data, so that case is not here.
  const cases: readonly (readonly [string, LetterPlan])[] = [
    ['plain', {}], ['spoiled', { spoil: true }], ['another digest', { digest: Buffer.alloc(32) }], ['bare', { bare: true }],
    ['bare and spoiled', { bare: true, spoil: true }], ['SHA-384', { hash: 'sha384', signer: signerOf('rsa-sha384') }], ['PSS', { signer: signerOf('rsa-pss') }], ['P-256', { signer: signerOf('p256') }],
    ['P-384', { signer: signerOf('p384'), hash: 'sha384' }], ['P-521', { signer: signerOf('p521'), hash: 'sha512' }],
    ['signing time, v1', { signingTime: later(1), ess: 'v1' }], ['signer missing', { certificates: [ca] }],
  ]
  it.each(cases)('CMS: %s', async (_, plan) => {
    const pdf = withoutTimestamp({ certificates: [plan.signer ?? head, ca], ...plan })
    expect((await first(pdf)).integrity === 'intact').toBe(verify(pdf))
  })

  it.each([['rsa', head, []], ['pss', head, ['-keyopt', 'rsa_padding_mode:pss']], ['ec', deputy, []]] as const)('reads what `openssl cms -sign -cades` makes (%s)', async (_, signer, more) => {
    const pdf = new PdfFile().sign({
      message: (covered) => {
        const out = join(folder, `${counter++}.p7`)
        expect(openssl('cms', '-sign', '-binary', '-cades', '-md', 'sha256', '-in', file(covered), '-signer', file(pem(signer), 'pem'), '-inkey', privateKey(signer), '-certfile', caFile, ...more, '-outform', 'DER', '-out', out)).toEqual({ ok: true, err: '' })
        return readFileSync(out)
      },
    })
    const signature = await first(pdf, { crls: [rootCrl, crl({ thisUpdate: later(9) })], at: later(10) })
    expect(signature).toMatchObject({ integrity: 'intact', level: 'B-B', signer: { standing: 'good' } })
    expect(signature.when.claimed).toBeInstanceOf(Date)
  })

  it('RFC 3161: tokens of both are accepted by both', async () => {
    const data = Buffer.from('Surat permohonan')
    const ours = file(token()(data))
    const against = ['-CAfile', rootFile, '-untrusted', caFile, '-attime', seconds(signedAt)]
    expect(openssl('ts', '-verify', '-token_in', '-in', ours, '-data', file(data), ...against)).toMatchObject({ ok: true })
    expect(openssl('ts', '-verify', '-token_in', '-in', ours, '-data', file('x'), ...against).ok).toBe(false)
    const config = file(`[tsa]\ndefault_tsa=t\n[t]\nserial=${folder}/serial\ndir=${folder}\ncrypto_device=builtin\nsigner_cert=${file(pem(authority), 'pem')}\ncerts=${caFile}\nsigner_key=${privateKey(authority)}\nsigner_digest=sha256\ndefault_policy=1.2.3.4.1\ndigests=sha256\naccuracy=secs:1\nordering=yes\ntsa_name=yes\ness_cert_id_chain=no\ness_cert_id_alg=sha256\n`, 'cnf')
    const now = new Date()
    const pdf = makeLetter({
      timestamp: (signature) => {
        const query = join(folder, `${counter++}.tsq`)
        const out = join(folder, `${counter++}.tst`)
        expect(openssl('ts', '-query', '-data', file(signature), '-sha256', '-cert', '-out', query)).toMatchObject({ ok: true })
        expect(openssl('ts', '-reply', '-config', config, '-queryfile', query, '-token_out', '-out', out)).toEqual({ ok: true, err: expect.anything() as string })
        return readFileSync(out)
      },
    })
    const at = new Date(now.getTime() + 120_000)
    const fresh = { nextUpdate: new Date(now.getTime() + 86_400_000), thisUpdate: new Date(now.getTime() - 86_400_000) }
    const { when, problems, integrity } = await first(pdf, { at, crls: [crl({ issuer: root, ...fresh }), crl(fresh)] })
    expect({ integrity, problems }).toEqual({ integrity: 'intact', problems: [] })
    expect(Math.abs(when.proven!.time.getTime() - now.getTime())).toBeLessThan(120_000)
  })
})

describe.skipIf(!withPdfsig)('poppler as a second judge', () => {
  /** What pdfsig says of each signature; the certificate's trust is not asked. */
  const pdfsig = (pdf: PdfFile): string[] => {
    const { stdout } = spawnSync('pdfsig', ['-nocert', file(pdf.bytes, 'pdf')])
    return stdout.toString().split(/^Signature #/m).slice(1).map((part) => (/Signature Validation: (.*)\./.exec(part)?.[1] === 'Signature is Valid' ? 'intact' : 'broken') + (part.includes('Not total document signed') ? ' partly' : ''))
  }
  const ours = async (pdf: PdfFile): Promise<string[]> => (await inspectLetter(pdf.bytes, options)).signatures.map(({ integrity, coversWholeFile }) => integrity + (coversWholeFile ? '' : ' partly'))
  it.each([
    ['plain', () => makeLetter()], ['cross-reference stream', () => makeLetter({ style: 'stream' })], ['without timestamp', () => withoutTimestamp()],
    ['ECDSA', () => makeLetter({ signer: deputy, certificates: [deputy, ca] })], ['spoiled', () => makeLetter({ spoil: true })], ['another digest', () => makeLetter({ digest: Buffer.alloc(32) })],
    ['adbe.pkcs7.detached', () => makeLetter({ sign: { subFilter: 'adbe.pkcs7.detached' } })],
    ['two signatures', () => makeLetter({ file: makeLetter(), signer: deputy, certificates: [deputy, ca] })],
    ['a DSS behind', () => makeLetter().addStore({ certificates: [ca.der], crls: [rootCrl] })],
    ['content replaced behind', () => makeLetter().append(new Map([[5, 'null']]))],
    ['one octet changed', () => { const pdf = makeLetter(); pdf.bytes[pdf.bytes.indexOf('permohonan', 'latin1')]! ^= 1; return pdf }],
  ] as const)('%s', async (_, make) => {
    const pdf = make()
    const theirs = pdfsig(pdf)
    expect(theirs.length).toBeGreaterThan(0)
    expect(await ours(pdf)).toEqual(theirs)
  })
})
