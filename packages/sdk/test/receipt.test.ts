import { readCertificate } from '@cabut/pki/certificate'
import { buildOcspRequest } from '@cabut/pki/ocsp'
import { zipSync } from 'fflate'
import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { canonicalJson, type Json } from '../src/history/index.js'
import { toPublicReceipt, unzipReceipt, verifyReceipt, writeReceipt, zipReceipt, type ReceiptInput } from '../src/receipt/index.js'
import { makeCase, PDF, type ReceiptCase } from './receipt-case.js'

const now = new Date('2026-11-22T03:00:00Z')
type Files = Map<string, Uint8Array>
const text = (files: ReadonlyMap<string, Uint8Array>, path: string): string => new TextDecoder().decode(files.get(path))
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value)

/** As a forger would: changes files, then writes a manifest that fits. */
function remanifest(files: Files): Files {
  const lines = [...files.keys()].filter((path) => path !== 'MANIFEST').sort().map((path) => `${createHash('sha256').update(files.get(path)!).digest('hex')}  ${path}\n`)
  return files.set('MANIFEST', bytes(lines.join('')))
}

interface Editable {
  readonly proof: Record<string, string>
  readonly certificate: Record<string, string>
  readonly evidence: Record<string, string>
  readonly personal: Record<string, { value: string }>
  sandbox: boolean
  extra?: number
}

function edit(files: ReadonlyMap<string, Uint8Array>, change: (receipt: Editable) => void): Files {
  const receipt = JSON.parse(text(files, 'receipt.json')) as Editable
  change(receipt)
  return remanifest(new Map(files).set('receipt.json', bytes(canonicalJson(receipt as unknown as Json))))
}

let byCrl: ReceiptCase
let byOcsp: ReceiptCase
let full: Files
let shown: Files

beforeAll(async () => {
  byCrl = await makeCase({ source: 'crl', now, reason: 'affiliationChanged' })
  byOcsp = await makeCase({ source: 'ocsp', now, reason: 'keyCompromise' })
  full = await writeReceipt(byCrl.input)
  shown = await toPublicReceipt(full)
})

describe('Bukti pencabutan, full form', () => {
  it('holds these files, and verifies against the root from elsewhere', async () => {
    expect([...full.keys()].sort()).toEqual([
      'MANIFEST', 'VERIFY.md', 'certificate.pem', 'chain/issuer.pem', 'chain/root.pem', 'evidence/crl.der', 'history.jsonl', 'letters/01-surat-permohonan.pdf', 'receipt.json',
    ])
    expect(await verifyReceipt(full, { anchors: [byCrl.sandbox.ca.rootPem] })).toMatchObject({
      valid: true, problems: [], receipt: { form: 'full', sandbox: true, caseId: 'K-2026-0007', history: { seq: 3 }, proof: { source: 'crl', reason: 'affiliationChanged' } },
    })
  })

  it('of several anchors one fits; the letter is kept octet by octet', async () => {
    expect((await verifyReceipt(full, { anchors: [byOcsp.root, byCrl.root.der] })).valid).toBe(true)
    expect(full.get('letters/01-surat-permohonan.pdf')).toEqual(PDF)
  })

  it('by OCSP too', async () => {
    const files = await writeReceipt(byOcsp.input)
    expect(files.has('evidence/ocsp.der')).toBe(true)
    expect(await verifyReceipt(files, { anchors: [byOcsp.root] })).toMatchObject({ valid: true, problems: [] })
  })

  it('says SANDBOX in receipt.json and VERIFY.md, even if the caller forgot', async () => {
    const files = await writeReceipt({ ...byCrl.input, sandbox: false })
    expect(JSON.parse(text(files, 'receipt.json'))).toMatchObject({ sandbox: true, notice: expect.stringContaining('SANDBOX') as string })
    expect(text(files, 'VERIFY.md').match(/\*\*SANDBOX\.\*\*/g)).toHaveLength(2)
  })

  it('VERIFY.md: Indonesian first, then English', () => {
    const guide = text(full, 'VERIFY.md')
    expect(guide.indexOf('# Bukti pencabutan')).toBe(0)
    expect(guide.indexOf('# Receipt of proof')).toBeGreaterThan(0)
    expect(guide).toContain('ditangguhkan (diblokir)')
  })
})

describe('verifyReceipt names the file', () => {
  it('one changed byte in any file, anywhere', async () => {
    for (const [path, content] of full) {
      for (const at of [0, Math.floor(content.length / 2), content.length - 1]) {
        const changed = content.slice()
        changed[at]! ^= 1
        const verdict = await verifyReceipt(new Map(full).set(path, changed), { anchors: [byCrl.root] })
        expect(verdict.valid).toBe(false)
        // A changed manifest shows in itself, or in the file whose line was changed.
        if (path === 'MANIFEST') expect(verdict.problems.length).toBeGreaterThan(0)
        else expect(verdict.problems).toContainEqual(expect.objectContaining({ code: 'fileChanged', file: path }))
      }
    }
  })

  it('every single byte of the manifest counts', async () => {
    const manifest = full.get('MANIFEST')!
    for (let at = 0; at < manifest.length; at++) {
      const changed = manifest.slice()
      changed[at]! ^= 0x20
      expect((await verifyReceipt(new Map(full).set('MANIFEST', changed), { anchors: [byCrl.root] })).valid).toBe(false)
    }
    expect((await verifyReceipt(new Map(full).set('MANIFEST', bytes(`${text(full, 'MANIFEST')}\n`)), { anchors: [byCrl.root] })).problems[0]).toMatchObject({ code: 'manifestInvalid', file: 'MANIFEST' })
  })

  it('a removed file', async () => {
    for (const path of full.keys()) {
      const less = new Map(full)
      less.delete(path)
      expect((await verifyReceipt(less, { anchors: [byCrl.root] })).problems).toContainEqual(expect.objectContaining({ code: 'fileMissing', file: path }))
    }
  })

  it('an added file, with and without a line in the manifest', async () => {
    const more = new Map(full).set('letters/02-palsu.pdf', PDF)
    expect((await verifyReceipt(more, { anchors: [byCrl.root] })).problems).toEqual([{ code: 'fileAdded', file: 'letters/02-palsu.pdf' }])
    expect((await verifyReceipt(remanifest(more), { anchors: [byCrl.root] })).problems).toContainEqual(expect.objectContaining({ code: 'fileAdded', file: 'letters/02-palsu.pdf' }))
  })

  it('another root', async () => {
    expect((await verifyReceipt(full, { anchors: [byOcsp.root] })).problems).toEqual([{ code: 'anchorUnknown', file: 'chain/root.pem', detail: 'it is none of the anchors given' }])
    await expect(verifyReceipt(full, { anchors: [] as never })).rejects.toThrow(TypeError)
  })

  it('a receipt that brings its own root along is not believed', async () => {
    const other = await writeReceipt(byOcsp.input)
    expect((await verifyReceipt(other, { anchors: [byCrl.root] })).problems[0]).toMatchObject({ code: 'anchorUnknown' })
  })

  it('nothing at all, and garbage', async () => {
    expect((await verifyReceipt(new Map(), { anchors: [byCrl.root] })).problems.map((each) => each.file)).toEqual(['MANIFEST', 'receipt.json'])
    const garbage = remanifest(new Map([['receipt.json', bytes('{"type":"bukti-pencabutan"}')]]))
    expect((await verifyReceipt(garbage, { anchors: [byCrl.root] })).problems[0]).toMatchObject({ code: 'fileUnreadable', file: 'receipt.json' })
  })

  const forgeries: [string, (files: ReadonlyMap<string, Uint8Array>) => Files, object][] = [
    ['another revocation date', (f) => edit(f, (r) => { r.proof['revocationDate'] = '2020-01-01T00:00:00.000Z' }), { code: 'mismatch', file: 'receipt.json', detail: 'revocationDate is not what the evidence says' }],
    ['another reason', (f) => edit(f, (r) => { r.proof['reason'] = 'keyCompromise' }), { code: 'mismatch', file: 'receipt.json' }],
    ['the sandbox denied', (f) => edit(f, (r) => { r.sandbox = false }), { code: 'mismatch', file: 'receipt.json', detail: 'a sandbox authority, but the receipt does not say so' }],
    ['another serial', (f) => edit(f, (r) => { r.certificate['serial'] = '1234' }), { code: 'mismatch', file: 'certificate.pem' }],
    ['a member that does not belong', (f) => edit(f, (r) => { r.extra = 1 }), { code: 'fileUnreadable', file: 'receipt.json' }],
    ['another holder', (f) => edit(f, (r) => { r.personal['holder']!.value = 'Orang Lain' }), { code: 'commitmentBroken', file: 'receipt.json', detail: 'holder' }],
    ['a letter exchanged', (f) => remanifest(new Map(f).set('letters/01-surat-permohonan.pdf', bytes('%PDF-1.4 lain'))), { code: 'mismatch', file: 'letters/01-surat-permohonan.pdf' }],
    ['not canonical', (f) => remanifest(new Map(f).set('receipt.json', bytes(`${text(f, 'receipt.json')}\n`))), { code: 'notCanonical', file: 'receipt.json' }],
    ['an event changed', (f) => remanifest(new Map(f).set('history.jsonl', bytes(text(f, 'history.jsonl').replace('"type":"approved"', '"type":"apqroved"')))), { code: 'historyBroken', file: 'history.jsonl', detail: 'line 2: digest' }],
    ['the last event cut off', (f) => remanifest(new Map(f).set('history.jsonl', bytes(text(f, 'history.jsonl').split('\n').slice(0, 2).map((line) => `${line}\n`).join('')))), { code: 'historyBroken', file: 'history.jsonl' }],
    ['another leaf', (f) => remanifest(new Map(f).set('certificate.pem', f.get('chain/issuer.pem')!)), { code: 'mismatch', file: 'certificate.pem' }],
    ['the issuer exchanged', (f) => remanifest(new Map(f).set('chain/issuer.pem', f.get('chain/root.pem')!)), { code: 'mismatch', file: 'chain/issuer.pem' }],
  ]
  it.each(forgeries)('a forged but consistent folder: %s', async (_what, forge, problem) => {
    expect((await verifyReceipt(forge(full), { anchors: [byCrl.root] })).problems).toContainEqual(expect.objectContaining(problem))
  })

  it('evidence whose signature is broken, put in consistently', async () => {
    const crl = byCrl.input.evidence.slice()
    crl[crl.length - 1]! ^= 1
    const sha256 = createHash('sha256').update(crl).digest('hex')
    const forged = edit(new Map(full).set('evidence/crl.der', crl), (r) => {
      r.proof['sha256'] = sha256
      r.evidence['sha256'] = sha256
    })
    expect((await verifyReceipt(forged, { anchors: [byCrl.root] })).problems).toEqual([{ code: 'evidenceInvalid', file: 'evidence/crl.der', detail: 'signatureInvalid' }])
    const forgedPublic = edit(new Map(shown).set('evidence/crl.der', crl), (r) => {
      r.proof['sha256'] = sha256
      r.evidence['sha256'] = sha256
    })
    expect((await verifyReceipt(forgedPublic, { anchors: [byCrl.root] })).problems).toEqual([{ code: 'evidenceInvalid', file: 'evidence/crl.der', detail: 'signatureInvalid' }])
  })
})

describe('a receipt is written only for a proven revocation', () => {
  async function other(state: 'hold' | 'good'): Promise<Partial<ReceiptInput>> {
    const { sandbox } = byCrl
    const leaf = await sandbox.manage.issue({ username: sandbox.users[0]!.username, key: 'shared' })
    if (state === 'hold') sandbox.manage.suspend(leaf.serial)
    sandbox.manage.publish()
    const certificate = readCertificate(leaf.der)
    const issuer = readCertificate(sandbox.ca.issuingPem)
    const root = readCertificate(sandbox.ca.rootPem)
    const hash = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex')
    const evidence = state === 'hold' ? sandbox.ca.crl() : sandbox.ca.ocsp(await buildOcspRequest({ certificate, issuer }))
    return {
      certificate, chain: [issuer, root], evidence,
      proof: { ...byCrl.proof, source: state === 'hold' ? 'crl' : 'ocsp', sha256: hash(evidence), certificate: { issuerDn: leaf.issuerDn, serial: leaf.serial, sha256: hash(leaf.der) }, anchorSha256: hash(root.der) },
    }
  }

  it('certificateHold is refused (suspended is never called revoked)', async () => {
    await expect(writeReceipt({ ...byCrl.input, ...await other('hold') })).rejects.toMatchObject({ code: 'receiptInput', at: 'evidence/crl.der', detail: 'onHold' })
    await expect(writeReceipt({ ...byCrl.input, ...await other('hold') }, { form: 'public' })).rejects.toMatchObject({ code: 'receiptInput', at: 'evidence/crl.der', detail: 'onHold' })
  })

  it('a certificate that OCSP calls good is refused', async () => {
    const input = { ...byCrl.input, ...await other('good') }
    await expect(writeReceipt(input)).rejects.toMatchObject({ code: 'receiptInput', at: 'evidence/ocsp.der' })
    await expect(writeReceipt(input, { form: 'public' })).rejects.toMatchObject({ code: 'receiptInput', at: 'evidence/ocsp.der' })
  })

  it.each([
    ['evidence', (i: ReceiptInput) => ({ ...i, evidence: byOcsp.input.evidence })],
    ['certificate', (i: ReceiptInput) => ({ ...i, certificate: byOcsp.input.certificate })],
    ['chain', (i: ReceiptInput) => ({ ...i, chain: byOcsp.input.chain })],
    ['letters[0]', (i: ReceiptInput) => ({ ...i, letters: [{ ...i.letters[0]!, sha256: '0'.repeat(64) }] })],
    ['history', (i: ReceiptInput) => ({ ...i, caseId: 'K-2026-0008' })],
    ['personal', (i: ReceiptInput) => ({ ...i, personal: { letters: 'x' } })],
    ['publishedFingerprint', (i: ReceiptInput) => ({ ...i, publishedFingerprint: { sha256: '0'.repeat(64), where: 'https://contoh.go.id' } })],
  ] as [string, (input: ReceiptInput) => ReceiptInput][])('parts that do not fit together: %s', async (at, change) => {
    await expect(writeReceipt(change(byCrl.input))).rejects.toMatchObject({ code: 'receiptInput', at })
  })
})

describe('public form', () => {
  it('verifies, by CRL and by OCSP', async () => {
    expect(await verifyReceipt(shown, { anchors: [byCrl.root] })).toMatchObject({ valid: true, problems: [], receipt: { form: 'public' } })
    expect(await verifyReceipt(await writeReceipt(byOcsp.input, { form: 'public' }), { anchors: [byOcsp.root] })).toMatchObject({ valid: true, problems: [] })
  })

  it('holds no letter, no name, no reason, no certificate, no actor', () => {
    expect([...shown.keys()].filter((path) => path.startsWith('letters/') || path === 'certificate.pem')).toEqual([])
    const all = [...shown].filter(([path]) => !path.startsWith('evidence/') && !path.startsWith('chain/')).map(([path]) => text(shown, path)).join('\n')
    for (const word of ['Contoh Pejabat', 'mutasi', 'affiliationChanged', 'petugas-3', '000.8.3.3', 'permohonan']) expect(all).not.toContain(word)
  })

  it('carries the same commitments as the full form, so its holder can open them', () => {
    const of = (files: Files): unknown => (JSON.parse(text(files, 'receipt.json')) as { commitments: unknown }).commitments
    expect(of(shown)).toEqual(of(full))
    expect(Object.keys(of(full) as object).sort()).toEqual(['holder', 'letters', 'reason'])
  })

  it('a public receipt cannot be made from a public one', async () => {
    await expect(toPublicReceipt(shown)).rejects.toMatchObject({ code: 'receiptInput' })
  })

  it.each([
    ['chain/root.pem', undefined], ['chain/root.pem', 'no certificate'], ['history.jsonl', undefined], ['history.jsonl', '{"caseId":'], ['history.jsonl', 'null\n'],
    ['history.jsonl', Uint8Array.of(0xff)], ['receipt.json', undefined], ['receipt.json', '{'],
  ])('cannot be made without %s, or from %j there: the error names the file', async (path, content) => {
    const files = new Map(full)
    if (content === undefined) files.delete(path)
    else files.set(path, typeof content === 'string' ? bytes(content) : content)
    await expect(toPublicReceipt(files)).rejects.toMatchObject({ name: 'CabutError', code: 'receiptInput', at: path })
  })

  it('an answer signed by a stranger, or about another serial, is refused', async () => {
    const files = await writeReceipt(byOcsp.input, { form: 'public' })
    const foreign = await makeCase({ source: 'ocsp', now, serial: byOcsp.certificate.serial.padStart(40, '0') })
    const sha256 = createHash('sha256').update(foreign.input.evidence).digest('hex')
    const forged = edit(new Map(files).set('evidence/ocsp.der', foreign.input.evidence), (r) => {
      r.proof['sha256'] = sha256
      r.evidence['sha256'] = sha256
    })
    expect((await verifyReceipt(forged, { anchors: [byOcsp.root] })).problems).toMatchObject([{ code: 'notProven', file: 'evidence/ocsp.der' }])
  })
})

describe('zip', () => {
  it('comes back as the same files, and the same files give the same zip', async () => {
    const zip = zipReceipt(full)
    expect(Buffer.from(zip).equals(Buffer.from(zipReceipt(new Map([...full].reverse()))))).toBe(true)
    const files = unzipReceipt(zip)
    expect(new Map([...files].sort())).toEqual(new Map([...full].sort()))
    expect((await verifyReceipt(files, { anchors: [byCrl.root] })).valid).toBe(true)
  })

  it.each([
    ['../x', '../etc/passwd'], ['absolute', '/etc/passwd'], ['backslash', 'a\\b'], ['hidden', '.env'], ['dot segment', 'a/./b'], ['drive', 'C:x'],
  ])('refuses a path that is not plain: %s', (_what, path) => {
    expect(() => unzipReceipt(zipSync({ [path]: bytes('x') }))).toThrow(expect.objectContaining({ code: 'receiptInvalid' }) as Error)
  })

  it('refuses too many entries, a bomb, a lie about size, and what is no zip', () => {
    expect(() => unzipReceipt(zipSync(Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`f${n}`, bytes('x')]))))).toThrow(expect.objectContaining({ code: 'receiptInvalid' }) as Error)
    const bomb = zipSync({ big: new Uint8Array(4 * 1024 * 1024) })
    const huge = bomb.slice()
    const central = Buffer.from(huge.buffer, huge.byteOffset, huge.length).lastIndexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]))
    new DataView(huge.buffer).setUint32(central + 24, 0x7fffffff, true)
    expect(() => unzipReceipt(huge)).toThrow(expect.objectContaining({ code: 'receiptInvalid' }) as Error)
    const lie = bomb.slice()
    new DataView(lie.buffer).setUint32(central + 24, 1000, true)
    const before = process.memoryUsage().arrayBuffers
    expect(() => {
      const files = unzipReceipt(lie)
      // If it is read at all, it must not have grown beyond what was announced.
      if (files.get('big')!.byteLength > 1000) return
      throw Object.assign(new Error('bounded'), { code: 'receiptInvalid' })
    }).toThrow(expect.objectContaining({ code: 'receiptInvalid' }) as Error)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * 1024 * 1024)
    expect(() => unzipReceipt(bytes('bukan zip'))).toThrow(expect.objectContaining({ code: 'receiptInvalid' }) as Error)
    expect(() => unzipReceipt(new Uint8Array(0))).toThrow(expect.objectContaining({ code: 'receiptInvalid' }) as Error)
  })
})

