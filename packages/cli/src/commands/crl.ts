import { diffCrl, formatName, namesMatch, readCrl, verifyCrl, type Crl, type CrlEntry } from '@cabut/pki'
import { exitCodes, type ExitCode } from '../exit-codes.js'
import type { Console } from '../console.js'
import { InputError, parseInput, readInstant } from '../input.js'
import type { Text } from '../language.js'
import type { CommandSpec } from '../program.js'
import { instantWords } from '../wording/instant.js'
import { readCertificateFile } from './certificate.js'

const unverified = {
  id: 'Tanda tangan CRL tidak diperiksa (beri --issuer): ini isi daftar, bukan bukti',
  en: 'The signature of the CRL was not checked (give --issuer): this is what the list says, no proof',
} as const

/** `cabut crl inspect FILE`: the facts of a CRL. */
export const crlInspect: CommandSpec = {
  usage: 'crl inspect <file>',
  summary: { id: 'tampilkan isi CRL (PEM atau DER)', en: 'show what a CRL says (PEM or DER)' },
  async run(console, [path = '']) {
    const crl = await parseInput(path, readCrl)
    const reasons: Record<string, number> = {}
    for (const { reason } of crl.entries()) reasons[reason ?? 'none'] = (reasons[reason ?? 'none'] ?? 0) + 1
    console.document({ ...facts(crl), reasons })
    printFacts(console, crl)
    for (const [reason, count] of Object.entries(reasons)) console.line(`  ${String(count).padStart(9)}  ${reason === 'none' ? console.say({ id: 'tanpa alasan', en: 'without a reason' }) : reason}`)
    return exitCodes.good
  },
}

/** `cabut crl diff A B`: what a later CRL added, removed and changed; exit code 25 when it is older than the earlier one. */
export const crlDiff: CommandSpec = {
  usage: 'crl diff <before> <after>',
  summary: { id: 'bandingkan dua CRL (kode keluar 25 bila mundur)', en: 'compare two CRLs (exit code 25 when rolled back)' },
  async run(console, [before = '', after = '']) {
    const [then, now] = [await parseInput(before, readCrl), await parseInput(after, readCrl)]
    if (!namesMatch(then.issuer, now.issuer)) throw new InputError({ id: 'kedua CRL berbeda penerbit', en: 'the two CRLs have different issuers' })
    const { added, removed, changed, rolledBack } = diffCrl(then, now)
    console.document({
      before: facts(then), after: facts(now), rolledBack, added: added.map(entryFacts), removed: removed.map(entryFacts),
      changed: changed.map((pair) => ({ before: entryFacts(pair.before), after: entryFacts(pair.after) })),
    })
    for (const entry of added) console.line(`+ ${entryLine(entry)}`)
    for (const entry of removed) console.line(`- ${entryLine(entry)}`)
    for (const pair of changed) console.line(`~ ${entryLine(pair.before)}  ->  ${entryLine(pair.after)}`)
    console.line(console.say({
      id: `${added.length} ditambah, ${removed.length} dihapus, ${changed.length} berubah`, en: `${added.length} added, ${removed.length} removed, ${changed.length} changed`,
    }))
    if (!rolledBack) return exitCodes.good
    console.line(console.say({ id: 'MUNDUR: CRL kedua lebih lama daripada yang pertama', en: 'ROLLED BACK: the second CRL is older than the first' }))
    return exitCodes.crlRolledBack
  },
}

/** `cabut crl lookup FILE --serial HEX`: whether a serial number is listed; with `--issuer` the CRL's signature is checked first. */
export const crlLookup: CommandSpec = {
  usage: 'crl lookup <file>',
  summary: { id: 'cari nomor seri dalam CRL', en: 'look up a serial number in a CRL' },
  options: [
    { flags: '--serial <number>', text: { id: 'nomor seri: heksadesimal, atau desimal dengan dec:', en: 'serial number: hexadecimal, or decimal after dec:' }, required: true },
    { flags: '--issuer <pem>', text: { id: 'sertifikat penerbit CRL, untuk memeriksa tanda tangannya', en: "the CRL issuer's certificate, to check the signature" } },
    { flags: '--at <time>', text: { id: 'nilai pada waktu ini (ISO 8601; bawaan: sekarang)', en: 'judge for this time (ISO 8601; default: now)' } },
  ],
  async run(console, [path = ''], options) {
    const serial = readSerial(String(options['serial']))
    const at = typeof options['at'] === 'string' ? readInstant(options['at']) : new Date()
    const crl = await parseInput(path, readCrl)
    const issuer = typeof options['issuer'] === 'string' ? await readCertificateFile(options['issuer']) : undefined
    const signature = issuer === undefined ? undefined : await verifyCrl(crl, issuer)
    const entry = crl.find(serial)
    const doubts = entry === undefined ? doubtsOfAbsence(crl, signature !== undefined, at) : []
    console.document({
      ...facts(crl), serial, signature: signature ?? 'notChecked', listed: entry !== undefined, ...(entry === undefined ? { provesAbsence: doubts.length === 0 } : { entry: entryFacts(entry) }),
    })
    if (signature !== undefined && signature !== 'valid') {
      console.line(console.say({ id: 'Tanda tangan CRL TIDAK SAH menurut penerbit itu', en: 'The signature of the CRL does NOT hold by that issuer' }))
      return exitCodes.unknown
    }
    console.line(entry === undefined ? `${console.say({ id: 'TIDAK TERCANTUM', en: 'NOT LISTED' })}  ${serial}` : `${console.say({ id: 'TERCANTUM', en: 'LISTED' })}  ${entryLine(entry)}`)
    console.line(`  thisUpdate ${instantWords(crl.thisUpdate)}  nextUpdate ${instantWords(crl.nextUpdate)}`)
    if (signature === undefined) console.line(`  ${console.say(unverified)}`)
    if (doubts.length > 0) console.line(`  ${console.say({ id: 'Tidak tercantum di sini belum berarti aktif', en: 'Not listed here does not mean good' })}: ${doubts.map((doubt) => console.say(doubt)).join('; ')}`)
    return entry === undefined ? (doubts.length === 0 ? exitCodes.good : exitCodes.unknown) : codeOf(entry)
  },
}

/** Why absence from this list is no answer (RFC 5280 5.1.2.5, 5.2.4, 5.2.5, 5.2): silence is never `good`. */
function doubtsOfAbsence(crl: Crl, verified: boolean, at: Date): readonly Text[] {
  const scope = crl.issuingDistributionPoint
  const doubts: readonly (readonly [boolean, Text])[] = [
    [!verified, { id: 'tanda tangan tidak diperiksa (beri --issuer)', en: 'the signature was not checked (give --issuer)' }],
    [crl.nextUpdate === undefined, { id: 'daftar tanpa nextUpdate', en: 'the list has no nextUpdate' }],
    [crl.nextUpdate !== undefined && at > crl.nextUpdate, { id: 'daftar sudah kedaluwarsa', en: 'the list is out of date' }],
    [at < crl.thisUpdate, { id: 'daftar dibuat setelah waktu itu', en: 'the list was made after that time' }],
    [crl.baseCrlNumber !== undefined, { id: 'daftar delta: lihat juga daftar dasarnya', en: 'a delta list: see its base too' }],
    [scope !== undefined, { id: 'daftar sebagian (IDP): pakai cabut status agar cakupannya diperiksa', en: 'a list with a scope (IDP): cabut status checks whether it covers the certificate' }],
    [crl.unknownCriticalExtensions.length > 0, { id: 'ekstensi kritis tak dikenal', en: 'an unknown critical extension' }],
  ]
  return doubts.filter(([holds]) => holds).map(([, words]) => words)
}

function codeOf(entry: CrlEntry): ExitCode {
  if (entry.reason === 'removeFromCRL') return exitCodes.good
  return entry.reason === 'certificateHold' ? exitCodes.suspended : exitCodes.revoked
}

/** Hexadecimal, with or without 0x, colons and leading zeros; decimal only when it says so, since every decimal number is also a hexadecimal one. */
function readSerial(text: string): string {
  const decimal = /^dec:([0-9]{1,60})$/i.exec(text)?.[1]
  const hex = /^(?:hex:|0x)?([0-9a-f]{1,128})$/i.exec(text.replaceAll(':', '').replace(/^hex/i, 'hex:'))?.[1]
  if (decimal !== undefined) return BigInt(decimal).toString(16)
  if (hex === undefined) throw new InputError({ id: '--serial bukan nomor seri (contoh: 0a1b2c, 0A:1B:2C, atau dec:662316)', en: '--serial is no serial number (for example 0a1b2c, 0A:1B:2C, or dec:662316)' })
  return hex.toLowerCase().replace(/^0+(?=.)/, '')
}

function facts(crl: Crl): Record<string, unknown> {
  return {
    issuer: formatName(crl.issuer), version: crl.version, number: crl.crlNumber, thisUpdate: crl.thisUpdate, nextUpdate: crl.nextUpdate, entries: crl.size, octets: crl.der.length,
    delta: crl.baseCrlNumber !== undefined, baseNumber: crl.baseCrlNumber, scope: crl.issuingDistributionPoint, unknownCriticalExtensions: crl.unknownCriticalExtensions,
  }
}

function printFacts(console: Console, crl: Crl): void {
  console.line(formatName(crl.issuer))
  console.line(`  ${console.say({ id: 'nomor', en: 'number' })} ${crl.crlNumber?.toString() ?? '-'}${crl.baseCrlNumber === undefined ? '' : ` (delta, ${console.say({ id: 'dasar', en: 'base' })} ${crl.baseCrlNumber})`}`)
  console.line(`  thisUpdate ${instantWords(crl.thisUpdate)}  nextUpdate ${instantWords(crl.nextUpdate)}`)
  const scope = crl.issuingDistributionPoint
  if (scope !== undefined) console.line(`  IDP ${scope.critical ? console.say({ id: 'kritis', en: 'critical' }) : console.say({ id: 'tidak kritis', en: 'not critical' })}${scope.indirectCrl ? ', indirect' : ''}`)
  if (crl.unknownCriticalExtensions.length > 0) console.line(`  ${console.say({ id: 'ekstensi kritis tak dikenal', en: 'unknown critical extensions' })}: ${crl.unknownCriticalExtensions.join(', ')}`)
  console.line(`  ${crl.size} ${console.say({ id: 'entri', en: 'entries' })}`)
}

function entryFacts({ serial, revocationDate, reason, invalidityDate }: CrlEntry): Record<string, unknown> {
  return { serial, revocationDate, reason, invalidityDate }
}

function entryLine({ serial, revocationDate, reason }: CrlEntry): string {
  return `${serial}  ${revocationDate.toISOString()}  ${reason ?? '-'}`
}
