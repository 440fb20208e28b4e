import { CabutError } from '@cabut/sdk'
import { unzipReceipt, verifyReceipt, type ReceiptProblemCode } from '@cabut/sdk/receipt'
import { exitCodes } from '../exit-codes.js'
import { InputError, readCertificates, readFolder, readInput } from '../input.js'
import type { Text } from '../language.js'
import type { CommandSpec } from '../program.js'
import { instantWords } from '../wording/instant.js'

const problems: Readonly<Record<ReceiptProblemCode, Text>> = {
  fileMissing: { id: 'berkas hilang', en: 'file missing' },
  fileAdded: { id: 'berkas tambahan', en: 'file added' },
  fileChanged: { id: 'berkas berubah', en: 'file changed' },
  fileUnreadable: { id: 'berkas tidak terbaca', en: 'file unreadable' },
  manifestInvalid: { id: 'MANIFEST tidak sah', en: 'MANIFEST not valid' },
  notCanonical: { id: 'bukan JSON kanonis (RFC 8785)', en: 'not canonical JSON (RFC 8785)' },
  anchorUnknown: { id: 'akar bukan jangkar yang Anda percayai', en: 'the root is not an anchor you trust' },
  chainInvalid: { id: 'rantai sertifikat tidak sah', en: 'certificate chain not valid' },
  evidenceInvalid: { id: 'CRL atau OCSP tidak sah', en: 'CRL or OCSP answer not valid' },
  notProven: { id: 'tidak membuktikan pencabutan', en: 'does not prove a revocation' },
  onHold: { id: 'hanya ditangguhkan, bukan dicabut', en: 'only on hold, not revoked' },
  mismatch: { id: 'isi berkas tidak saling cocok', en: 'files do not agree with each other' },
  historyBroken: { id: 'rantai riwayat terputus', en: 'history chain broken' },
  commitmentBroken: { id: 'komitmen data pribadi tidak cocok', en: 'commitment to personal data broken' },
  tooLarge: { id: 'terlalu besar', en: 'too large' },
}

/** `cabut receipt verify DIR --anchors PEM`: verifies a receipt offline; names every file that does not hold. */
export const receiptVerify: CommandSpec = {
  usage: 'receipt verify <receipt>',
  summary: { id: 'periksa bukti pencabutan (folder atau zip) tanpa jaringan', en: 'verify a receipt (folder or zip) without the network' },
  options: [{ flags: '--anchors <pem>', text: { id: 'sertifikat jangkar kepercayaan', en: 'trusted anchor certificates' }, many: true, required: true }],
  async run(console, [folder = ''], options) {
    const paths = Array.isArray(options['anchors']) ? options['anchors'].filter((item): item is string => typeof item === 'string') : []
    const [anchor, ...others] = await readCertificates(paths)
    if (anchor === undefined) throw new InputError({ id: 'jangkar kepercayaan kosong', en: 'no trusted anchor was given' })
    const verdict = await verifyReceipt(await readReceipt(folder), { anchors: [anchor, ...others] })
    console.document(verdict)
    const { receipt } = verdict
    if (receipt?.sandbox === true) console.line(console.say({ id: 'SANDBOX: percobaan, bukan pencabutan sungguhan', en: 'SANDBOX: a trial, no real revocation' }))
    if (verdict.valid && receipt !== undefined) {
      const { proof } = receipt
      console.line(`${console.say({ id: 'SAH: pencabutan terbukti', en: 'VALID: the revocation is proven' })} (${proof.source.toUpperCase()}, ${console.say({ id: 'terbit', en: 'issued' })} ${instantWords(proof.thisUpdate)})`)
      console.line(`  ${console.say({ id: 'nomor seri', en: 'serial' })} ${proof.certificate.serial}`)
      console.line(`  ${console.say({ id: 'dicabut CA pada', en: 'revoked by the CA at' })} ${instantWords(proof.revocationDate)}`)
      return exitCodes.good
    }
    console.line(console.say({ id: 'TIDAK SAH', en: 'NOT VALID' }))
    for (const problem of verdict.problems) {
      console.line(`  ${problem.file}: ${console.say(problems[problem.code])} [${problem.code}]${problem.detail === undefined || console.language === 'id' ? '' : ` (${problem.detail})`}`)
    }
    return exitCodes.receiptInvalid
  },
}

/** The files of a receipt, from its folder or its zip file. */
async function readReceipt(path: string): Promise<ReadonlyMap<string, Uint8Array>> {
  if (!/\.zip$/i.test(path)) return readFolder(path)
  try {
    return unzipReceipt(await readInput(path))
  } catch (error) {
    if (!(error instanceof CabutError)) throw error
    throw new InputError({ id: `${path}: ${error.row.id}`, en: `${path}: ${error.row.en}` }, { cause: error })
  }
}
