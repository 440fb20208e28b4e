import { readFile } from 'node:fs/promises'
import type { FileInput } from '@cabut/sdk'
import { InputError, readInput } from '../../input.js'
import type { CommandSpec } from '../../program.js'
import { letterText, readLetters } from './letters.js'
import { deskOptions } from './open.js'
import { personOptions } from './person.js'
import { many, maybe, must, oneOf, sit, told } from './run.js'

/** `cabut desk file`: records a request; submits it when everything required is attached. */
export const deskFile: CommandSpec = {
  usage: 'desk file',
  summary: { id: 'catat permohonan; langsung diajukan bila surat lengkap', en: 'record a request; submitted at once when the letters are complete' },
  options: [
    { flags: '--certificate <file>', text: { id: 'sertifikat (PEM atau DER)', en: 'certificate (PEM or DER)' } },
    { flags: '--issuer <dn>', text: { id: 'penerbit (RFC 4514), bila sertifikat tidak ada', en: 'issuer (RFC 4514), where no certificate is at hand' } },
    { flags: '--serial <number>', text: { id: 'nomor seri: heksadesimal, atau desimal dengan dec:', en: 'serial number: hexadecimal, or decimal after dec:' } },
    { flags: '--subject-dn <dn>', text: { id: 'Subject DN (RFC 4514)', en: 'Subject DN (RFC 4514)' } },
    { flags: '--username <name>', text: { id: 'username AMS pemilik', en: "the holder's username in AMS" } },
    { flags: '--reason <code>', text: { id: 'alasan, misalnya mutasi, pensiun, kunciBocor', en: 'reason, such as mutasi, pensiun, kunciBocor' }, required: true },
    { flags: '--letter <letter>', text: letterText, many: true },
    { flags: '--holder <id>', text: { id: 'id pemilik sertifikat', en: 'id of the holder' } },
    { flags: '--holder-name <name>', text: { id: 'nama pemilik', en: 'name of the holder' } },
    { flags: '--deceased', text: { id: 'pemilik meninggal dunia', en: 'the holder is deceased' } },
    { flags: '--applicant <id>', text: { id: 'pemohon, bila bukan yang bertindak', en: 'applicant, where that is not who acts' } },
    { flags: '--opd <code>', text: { id: 'OPD asal', en: 'OPD of origin' } },
    { flags: '--opd-destination <code>', text: { id: 'OPD tujuan mutasi', en: 'OPD of destination' } },
    { flags: '--effective-date <date>', text: { id: 'TMT (YYYY-MM-DD)', en: 'effective date (YYYY-MM-DD)' } },
    { flags: '--invalidity-date <date>', text: { id: 'tidak dipercaya sejak (YYYY-MM-DD)', en: 'not trusted since (YYYY-MM-DD)' } },
    { flags: '--on-behalf <ground>', text: { id: 'atas nama pemilik: deceased, unreachable, incapacitated', en: 'on behalf of the holder: deceased, unreachable, incapacitated' } },
    { flags: '--note <text>', text: { id: 'catatan', en: 'note' } },
    { flags: '--personal-file <json>', text: { id: 'data pribadi pemohon dan pemilik dari berkas {applicant, holder}, agar tidak tercatat di riwayat shell', en: 'personal data of applicant and holder from a file {applicant, holder}, to keep it out of the shell history' } },
    { flags: '--id <id>', text: { id: 'id permohonan yang dipilih sendiri (8-60 huruf, angka, . _ -)', en: 'id of the request, chosen (8-60 of A-Z a-z 0-9 . _ -)' } },
    { flags: '--draft', text: { id: 'simpan sebagai konsep', en: 'keep as a draft' } },
    ...deskOptions, ...personOptions, { flags: '--no-effects', text: { id: 'jangan menjalankan pekerjaan yang menyusul', en: 'do not run what the act calls for' } },
  ],
  run: (console, _args, options) => sit(console, options, async (sitting) => {
    const { office: { desk, standard }, person } = sitting
    const as = person.actorFor('file', [{ command: 'file', roles: [standard.filing.role, ...standard.filing.onBehalf.map(({ role }) => role)] }])
    const onBehalf = oneOf(maybe(options, 'onBehalf'), ['deceased', 'unreachable', 'incapacitated'], '--on-behalf')
    const beside = await readPersonal(maybe(options, 'personalFile'))
    const username = maybe(options, 'username')
    // Who files as the holder is the holder.
    const holder = {
      ...(as.role === 'holder' ? { id: as.id } : {}), ...beside.holder, ...given(options, 'holder', 'id'), ...given(options, 'holderName', 'name'), ...(username === undefined ? {} : { username }), ...(options['deceased'] === true ? { deceased: true } : {}),
    }
    const opd = maybe(options, 'opd') ?? as.opd
    const view = await desk.file({
      certificate: await certificateOf(options), reason: must(options, 'reason'), letters: await readLetters(many(options, 'letter')), as,
      applicant: { ...beside.applicant, id: maybe(options, 'applicant') ?? as.id, ...(opd === undefined ? {} : { opd }) },
      ...(Object.keys(holder).length === 0 ? {} : { holder }), ...(onBehalf === undefined ? {} : { onBehalf }), ...(options['draft'] === true ? { draft: true } : {}),
      ...given(options, 'opdDestination', 'opdDestination'), ...given(options, 'effectiveDate', 'effectiveDate'), ...given(options, 'invalidityDate', 'invalidityDate'), ...given(options, 'note', 'note'), ...given(options, 'id', 'id'),
    })
    return told(sitting, view)
  }),
}

function given<Name extends string>(options: Readonly<Record<string, unknown>>, option: string, name: Name): { readonly [Key in Name]?: string } {
  const value = maybe(options, option)
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: string }
}

async function certificateOf(options: Readonly<Record<string, unknown>>): Promise<FileInput['certificate']> {
  const path = maybe(options, 'certificate')
  const bytes = path === undefined ? undefined : await readInput(path)
  const certificate = bytes === undefined ? undefined : new TextDecoder('latin1').decode(bytes.subarray(0, 64)).includes('-----BEGIN') ? new TextDecoder().decode(bytes) : bytes
  const serial = maybe(options, 'serial')
  return {
    ...(certificate === undefined ? {} : { certificate }), ...given(options, 'issuer', 'issuerDn'), ...given(options, 'subjectDn', 'subjectDn'), ...given(options, 'username', 'username'),
    ...(serial === undefined ? {} : { serial: serial.startsWith('dec:') ? { decimal: serial.slice(4) } : serial }),
  }
}

async function readPersonal(path: string | undefined): Promise<{ readonly applicant?: object; readonly holder?: object }> {
  if (path === undefined) return {}
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Told below, without anything of the file.
  }
  throw new InputError({ id: `${path}: bukan berkas JSON {applicant, holder}`, en: `${path}: no JSON file {applicant, holder}` })
}
