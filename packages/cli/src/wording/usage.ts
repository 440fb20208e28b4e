import type { Text } from '../language.js'

/** What each group of commands is about; shown where `cabut --help` lists it. */
export const groupSummaries: Readonly<Record<string, Text>> = {
  archive: { id: 'arsip permohonan: keluarkan, periksa, masukkan', en: 'archives of requests: export, verify, import' },
  audit: { id: 'periksa keutuhan data meja layanan', en: 'verify that the stored desk is intact' },
  bulk: { id: 'daftar berisi banyak sertifikat', en: 'lists of many certificates' },
  certificate: { id: 'isi sertifikat', en: 'what a certificate says' },
  crl: { id: 'daftar pencabutan (CRL)', en: 'revocation lists (CRL)' },
  desk: { id: 'meja layanan di terminal', en: 'the desk at the terminal' },
  letter: { id: 'tanda tangan di dalam surat PDF', en: 'signatures in a PDF letter' },
  name: { id: 'Subject DN: uraikan dan bandingkan', en: 'Subject DNs: take apart and compare' },
  ocsp: { id: 'jawaban OCSP', en: 'OCSP answers' },
  receipt: { id: 'bukti pencabutan', en: 'receipts of proof' },
  srikandi: { id: 'surat Srikandi: masuk, jawaban, yang menunggu', en: 'letters of Srikandi: in, answers, those that wait' },
  standard: { id: 'standar pelayanan', en: 'service standards' },
  subject: { id: 'hak pemilik data pribadi', en: 'rights of the person whose data it is' },
}

/** What some options are for, told to whoever leaves them out. */
const missing: Readonly<Record<string, Text>> = {
  anchors: {
    id: 'berkas PEM sertifikat akar yang Anda percayai, misalnya Root CA Indonesia DS G1 dari sumber resmi; bandingkan dahulu sidik jarinya',
    en: 'a PEM file with the root certificate you trust, such as Root CA Indonesia DS G1 from its official source; compare its fingerprint first',
  },
}

const forms: readonly (readonly [RegExp, (found: RegExpExecArray) => Text])[] = [
  [/^error: missing required argument '([^']+)'/, ([, name]) => ({ id: `argumen <${name ?? ''}> belum diberikan`, en: `the argument <${name ?? ''}> is missing` })],
  [/^error: required option '--([a-z-]+)([^']*)' not specified/, ([, name = '', value = '']) => {
    const more = missing[name]
    return { id: `pilihan --${name}${value} wajib${more === undefined ? '' : `: ${more.id}`}`, en: `the option --${name}${value} is required${more === undefined ? '' : `: ${more.en}`}` }
  }],
  [/^error: option '([^']+)' argument missing/, ([, flags]) => ({ id: `pilihan ${flags ?? ''} memerlukan nilai`, en: `the option ${flags ?? ''} needs a value` })],
  [/^error: unknown option '([^']+)'/, ([, name]) => ({ id: `pilihan ${name ?? ''} tidak dikenal`, en: `unknown option ${name ?? ''}` })],
  [/^error: unknown command '([^']+)'/, ([, name]) => ({ id: `perintah "${name ?? ''}" tidak dikenal`, en: `unknown command "${name ?? ''}"` })],
  [/^error: too many arguments/, () => ({ id: 'terlalu banyak argumen; beri tanda kutip pada nilai yang memuat spasi', en: 'too many arguments; quote values that hold spaces' })],
]

/** What the parser of the command line says, in the language asked for; what it says otherwise stays as it is. */
export function usageWords(text: string): Text {
  const [first = '', ...rest] = text.trimEnd().split('\n')
  const guess = /Did you mean ([^?]+)\?/.exec(rest.join(' '))?.[1]
  for (const [form, words] of forms) {
    const found = form.exec(first)
    if (found === null) continue
    const { id, en } = words(found)
    return guess === undefined ? { id, en } : { id: `${id}; maksudnya ${guess}?`, en: `${en}; did you mean ${guess}?` }
  }
  return { id: text.trimEnd().replace(/^error: /, ''), en: text.trimEnd().replace(/^error: /, '') }
}
