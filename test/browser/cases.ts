import { checkStatus, explainDifference, formatName, namesMatch, parseName, PkiError, readCertificate, readCrl, readCrlStream, verifyCrl } from '@cabut/pki'
import { inspectLetter, judgeAuthorisation } from '@cabut/pki/letter'
import { verifyReceipt } from '@cabut/sdk/receipt'

/** Octets in base64. */
export interface Fixtures {
  readonly root: string
  readonly issuing: string
  readonly leaf: string
  readonly at: string
  readonly rootCrl: string
  readonly crl: string
  readonly revoking: string
  readonly ocsp: string
  readonly largeCrl: string
  readonly letters: Readonly<Record<string, string>>
  readonly receipts: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly receiptRoot: string
}

export interface Run {
  /** What every platform must answer alike. */
  readonly answers: Readonly<Record<string, unknown>>
  readonly milliseconds: Readonly<Record<string, number>>
}

const octets = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))

/** Runs every case; the same module runs in Node and in Chromium. */
export async function runCases(fixtures: Fixtures): Promise<Run> {
  const answers: Record<string, unknown> = {}
  const milliseconds: Record<string, number> = {}
  const one = async (name: string, work: () => unknown): Promise<void> => {
    const start = performance.now()
    try {
      answers[name] = JSON.parse(JSON.stringify(await work(), (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)))
    } catch (error) {
      answers[name] = error instanceof PkiError ? { refused: error.code, offset: error.offset ?? null } : { failed: String(error) }
    }
    milliseconds[name] = performance.now() - start
  }
  const [root, issuing, leaf, at] = [octets(fixtures.root), octets(fixtures.issuing), octets(fixtures.leaf), new Date(fixtures.at)]
  const purposes = ['1.2.840.113583.1.1.5']
  const status = async (evidence: { crls?: Uint8Array[]; ocsp?: Uint8Array[] }): Promise<unknown> => {
    const verdict = await checkStatus(leaf, { anchors: [root], intermediates: [issuing], at, fetch: false, purposes, ...evidence })
    return [verdict.status, verdict.reason ?? null, verdict.revocation ?? null, verdict.evidence.map(({ verdict: says, sha256 }) => [says, sha256]), verdict.chain.map(({ serial }) => serial)]
  }
  const rootCrl = octets(fixtures.rootCrl)
  await one('status without evidence', () => status({}))
  await one('status by CRL', () => status({ crls: [rootCrl, octets(fixtures.crl)] }))
  await one('status by OCSP', () => status({ crls: [rootCrl], ocsp: [octets(fixtures.ocsp)] }))
  await one('status revoked', () => status({ crls: [rootCrl, octets(fixtures.revoking)] }))
  const large = octets(fixtures.largeCrl)
  await one('CRL of 100,000 entries', async () => {
    const crl = readCrl(large)
    const found = ['100001', '100003', '100004', '130d3f'].map((serial) => crl.find(serial) ?? null)
    return [crl.size, crl.crlNumber, found, await verifyCrl(crl, readCertificate(issuing)), await verifyCrl(crl, readCertificate(root))]
  })
  await one('CRL of 100,000 entries, streamed', async () => {
    const crl = await readCrlStream(new Blob([large as BlobPart]).stream(), { serials: ['100003', '100004'], signers: [readCertificate(issuing)] })
    return [crl.size, crl.find('100003') ?? null, crl.find('100004') ?? null]
  })
  await one('names', () => {
    const ours = parseName('CN=Ratna Dewi\\, S.Kom.,O=Pemerintah Kabupaten Contoh,C=ID')
    const theirs = parseName('C = ID, O = PEMERINTAH KABUPATEN CONTOH, CN = "Ratna Dewi, S.Kom."', { form: 'openssl-oneline' })
    const other = parseName('CN=Rаtna Dewi\\, S.Kom.,O=Pemerintah Kabupaten Contoh,C=ID')
    return [namesMatch(ours, theirs), namesMatch(ours, other), formatName(theirs), explainDifference(ours, other)]
  })
  await one('a name that is none', () => parseName('CN=a\\'))
  for (const [name, pdf] of Object.entries(fixtures.letters)) {
    await one(`letter ${name}`, async () => {
      const report = await inspectLetter(octets(pdf), { anchors: [root], intermediates: [issuing], at, fetch: false, crls: [rootCrl, octets(fixtures.crl)], claimPhrases: ['secara elektronik'] })
      const signatures = report.signatures.map(({ integrity, level, when, signer, afterwards, problems }) => [integrity, level, when.claimed ?? null, when.proven?.time ?? null, signer?.standing ?? null, afterwards, problems])
      return [report.kind, signatures, report.documentTimestamps.map(({ integrity, time }) => [integrity, time]), report.claims, report.characters, report.problems, judgeAuthorisation(report, readCertificate(leaf))]
    })
  }
  for (const [name, files] of Object.entries(fixtures.receipts)) {
    const map = new Map(Object.entries(files).map(([path, bytes]) => [path, octets(bytes)]))
    await one(`receipt ${name}`, () => verifyReceipt(map, { anchors: [octets(fixtures.receiptRoot)] }))
    await one(`receipt ${name}, another root`, () => verifyReceipt(map, { anchors: [root] }))
    const changed = new Map(map).set('receipt.json', new TextEncoder().encode('{}'))
    await one(`receipt ${name}, changed`, () => verifyReceipt(changed, { anchors: [octets(fixtures.receiptRoot)] }))
  }
  return { answers, milliseconds }
}
