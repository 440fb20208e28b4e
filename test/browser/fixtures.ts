// Writes the data of the browser lane: an invented authority, its evidence, signed letters and receipts, as one JSON file with base64 octets.
import { writeFileSync } from 'node:fs'
import { later } from '../../packages/pki/test/build/certificate.js'
import { makeCrl } from '../../packages/pki/test/build/crl.js'
import { makeOcsp } from '../../packages/pki/test/build/ocsp.js'
import { authority, ca, crl, deputy, head, makeLetter, root, rootCrl } from '../../packages/pki/test/letter/office.js'
import { makeToken } from '../../packages/pki/test/letter/cms.js'
import { PdfFile } from '../../packages/pki/test/letter/pdf.js'
import { toPublicReceipt, writeReceipt } from '../../packages/sdk/src/receipt/index.js'
import { makeCase } from '../../packages/sdk/test/receipt-case.js'
import type { Fixtures } from './cases.js'

const [, , out = ''] = process.argv
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const receiptCase = await makeCase({ source: 'crl', now: new Date('2026-11-22T03:00:00Z') })
const receipt = await writeReceipt(receiptCase.input)
const shown = await toPublicReceipt(receipt)
const files = (map: ReadonlyMap<string, Uint8Array>): Record<string, string> => Object.fromEntries([...map].map(([path, bytes]) => [path, base64(bytes)]))

const archived = makeLetter().addStore({ certificates: [ca.der], crls: [rootCrl, crl()] })
  .sign({ subFilter: 'ETSI.RFC3161', type: 'DocTimeStamp', field: 'Waktu', message: (covered) => makeToken(covered, { authority, at: later(2), certificates: [authority, ca] }) })
const fixtures: Fixtures = {
  root: base64(root.der), issuing: base64(ca.der), leaf: base64(head.der), at: later(10).toISOString(), rootCrl: base64(rootCrl), crl: base64(crl()),
  revoking: base64(crl({ entries: [{ serial: 'a1b2', reason: 1, date: later(2) }] })),
  ocsp: base64(makeOcsp({ signer: ca, singles: [{ serial: 'a1b2', issuer: ca, thisUpdate: later(9.9), nextUpdate: later(12) }], producedAt: later(9.9) })),
  largeCrl: base64(makeCrl({ issuer: ca, nextUpdate: later(30), entries: Array.from({ length: 100_000 }, (_, i) => ({ serial: (i * 2 + 0x100001).toString(16), reason: 1 + (i % 5) })) })),
  letters: {
    signed: base64(makeLetter({ style: 'stream', signingTime: later(1) }).bytes), archived: base64(archived.bytes),
    ecdsa: base64(makeLetter({ signer: deputy, certificates: [deputy, ca] }).bytes), broken: base64(makeLetter({ spoil: true }).bytes),
    changed: base64(makeLetter().append(new Map([[4, '<< /Length 0 >>\nstream\n\nendstream']])).bytes), unsigned: base64(new PdfFile({ style: 'stream' }).bytes),
    printout: base64(new PdfFile({ content: 'BT /F1 9 Tf (ditandatangani secara elektronik) Tj ET' }).bytes), truncated: base64(makeLetter().bytes.subarray(0, 5_000)),
  },
  receipts: { full: files(receipt), public: files(shown) }, receiptRoot: base64(receiptCase.root.der),
}
writeFileSync(out, JSON.stringify(fixtures))
await receiptCase.sandbox.close()
