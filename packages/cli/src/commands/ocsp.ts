import { formatName, judgeOcsp, readOcspResponse, toHex, type Judgement, type OcspResponse } from '@cabut/pki'
import { exitCodes, type ExitCode } from '../exit-codes.js'
import { InputError, parseInput, readInstant } from '../input.js'
import type { Text } from '../language.js'
import type { CommandSpec } from '../program.js'
import { readCertificateFile } from './certificate.js'

const verdicts: Readonly<Record<Judgement['verdict'], Text & { exit: ExitCode }>> = {
  revoked: { id: 'DICABUT', en: 'REVOKED', exit: exitCodes.revoked },
  onHold: { id: 'DITANGGUHKAN (diblokir)', en: 'ON HOLD', exit: exitCodes.suspended },
  notRevoked: { id: 'TIDAK DICABUT', en: 'NOT REVOKED', exit: exitCodes.good },
  unknown: { id: 'TIDAK DIKETAHUI', en: 'UNKNOWN', exit: exitCodes.unknown },
}

/** `cabut ocsp inspect FILE`: what an OCSP answer says; with `--issuer` and `--certificate` also what it proves. */
export const ocspInspect: CommandSpec = {
  usage: 'ocsp inspect <file>',
  summary: { id: 'tampilkan isi jawaban OCSP, dan apa yang dibuktikannya', en: 'show what an OCSP answer says, and what it proves' },
  options: [
    { flags: '--issuer <pem>', text: { id: 'sertifikat penerbit', en: "the issuer's certificate" } },
    { flags: '--certificate <pem>', text: { id: 'sertifikat yang ditanyakan', en: 'the certificate asked about' } },
    { flags: '--at <time>', text: { id: 'nilai pada waktu ini (ISO 8601; bawaan: sekarang)', en: 'judge for this time (ISO 8601; default: now)' } },
  ],
  async run(console, [path = ''], options) {
    const answer = await parseInput(path, readOcspResponse)
    const { issuer: issuerPath, certificate: certificatePath, at } = options
    if ((issuerPath === undefined) !== (certificatePath === undefined)) throw new InputError({ id: '--issuer dan --certificate dipakai bersama', en: '--issuer and --certificate go together' })
    const judgement = typeof issuerPath !== 'string' || typeof certificatePath !== 'string' ? undefined : await judgeOcsp(await readCertificateFile(certificatePath), answer, {
      issuer: await readCertificateFile(issuerPath), at: typeof at === 'string' ? readInstant(at) : new Date(),
    })
    const { basic } = answer
    console.document({
      ...facts(answer),
      ...(judgement && { judgement: { verdict: judgement.verdict, reason: judgement.reason, revocation: judgement.revocation, fresh: judgement.fresh, signer: judgement.signer && formatName(judgement.signer.subject), sha256: judgement.sha256 } }),
    })
    console.line(`${console.say({ id: 'jawaban', en: 'answer' })}: ${answer.status}`)
    if (basic !== undefined) console.line(`  producedAt ${basic.producedAt.toISOString()}  ${console.say({ id: 'penjawab', en: 'responder' })} ${basic.responderId.by === 'name' ? formatName(basic.responderId.name) : toHex(basic.responderId.keyHash)}`)
    for (const { serial, status, revocationTime, reason, thisUpdate, nextUpdate } of basic?.responses ?? []) {
      console.line(`  ${serial}  ${status}${revocationTime === undefined ? '' : ` ${revocationTime.toISOString()} ${reason ?? '-'}`}  thisUpdate ${thisUpdate.toISOString()}  nextUpdate ${nextUpdate?.toISOString() ?? '-'}`)
    }
    if (judgement === undefined) {
      console.line(`  ${console.say({ id: 'Tanda tangan tidak diperiksa (beri --issuer dan --certificate): bukan bukti', en: 'The signature was not checked (give --issuer and --certificate): no proof' })}`)
      return exitCodes.good
    }
    console.line(`${console.say(verdicts[judgement.verdict])}${judgement.reason === undefined ? '' : `  (${judgement.reason})`}`)
    return verdicts[judgement.verdict].exit
  },
}

function facts({ status, basic, der }: OcspResponse): Record<string, unknown> {
  return {
    status, octets: der.length,
    ...(basic && {
      producedAt: basic.producedAt, responder: basic.responderId.by === 'name' ? { name: formatName(basic.responderId.name) } : { keyHash: toHex(basic.responderId.keyHash) },
      nonce: basic.nonce && toHex(basic.nonce), certificates: basic.certificates.length,
      responses: basic.responses.map(({ serial, hash, status: says, revocationTime, reason, thisUpdate, nextUpdate }) => ({ serial, hash, status: says, revocationTime, reason, thisUpdate, nextUpdate })),
    }),
  }
}
