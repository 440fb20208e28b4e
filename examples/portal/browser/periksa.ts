import './no-eval.js'
import { unzipReceipt, verifyReceipt, type ReceiptProblemCode, type ReceiptVerdict } from '@cabut/sdk/receipt'
import { tell } from './message.js'

const words: Readonly<Record<ReceiptProblemCode, string>> = {
  fileMissing: 'berkas hilang', fileAdded: 'berkas tambahan yang tidak disebut', fileChanged: 'isi berkas berubah', fileUnreadable: 'berkas tidak terbaca', manifestInvalid: 'daftar berkas rusak',
  notCanonical: 'receipt.json tidak dalam bentuk bakunya', anchorUnknown: 'akarnya bukan yang dipercaya portal ini', chainInvalid: 'rantai sertifikat tidak sah', evidenceInvalid: 'CRL atau OCSP tidak sah',
  notProven: 'tidak membuktikan pencabutan', onHold: 'hanya ditangguhkan, bukan dicabut', mismatch: 'isinya saling tidak cocok', historyBroken: 'rantai riwayat putus', commitmentBroken: 'data pribadi tidak cocok dengan sidiknya', tooLarge: 'terlalu besar',
}

const input = document.querySelector<HTMLInputElement>('#bukti')
const result = document.querySelector('#hasil')
const anchors = (document.querySelector('#jangkar')?.textContent ?? '').match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
const when = (iso: string): string => new Intl.DateTimeFormat('id-ID', { dateStyle: 'full', timeStyle: 'short', timeZone: 'Asia/Jakarta' }).format(new Date(iso))

async function check(file: File): Promise<ReceiptVerdict | string> {
  const [first, ...others] = anchors
  if (first === undefined) return 'Portal ini tidak menyebut akar yang dipercaya.'
  try {
    return await verifyReceipt(unzipReceipt(new Uint8Array(await file.arrayBuffer())), { anchors: [first, ...others] })
  } catch {
    return 'Berkas ini bukan Bukti pencabutan (.zip) yang dapat dibaca.'
  }
}

input?.addEventListener('change', () => {
  const file = input.files?.[0]
  if (file === undefined) return
  tell(result, 'info', 'Memeriksa di peramban ini …')
  void check(file).then((found) => {
    if (typeof found === 'string') return tell(result, 'buruk', found)
    const { receipt } = found
    const facts = receipt === undefined ? [] : [
      ['Nomor permohonan', receipt.caseId], ['Dicabut menurut penerbit', `${when(receipt.proof.revocationDate)} WIB`], ['Sumber', receipt.proof.source === 'crl' ? 'CRL' : 'OCSP'],
      ['Nomor seri sertifikat', receipt.proof.certificate.serial], ['Penerbit', receipt.proof.certificate.issuerDn], ['Sidik bukti', receipt.proof.sha256], ['Bentuk', receipt.form === 'full' ? 'lengkap (internal)' : 'publik'],
    ] as const
    if (!found.valid) return tell(result, 'buruk', 'TIDAK SAH. Jangan dipercaya.', ...found.problems.slice(0, 20).map(({ code, file: where }) => [where, words[code]] as const))
    tell(result, receipt?.sandbox === true ? 'awas' : 'baik', receipt?.sandbox === true ? 'Bukti ini utuh, tetapi dari SANDBOX: penerbitnya rekaan.' : 'SAH. Sertifikat ini terbukti dicabut.', ...facts)
  })
})
