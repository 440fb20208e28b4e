import { CabutError } from '@cabut/sdk'
import { reasonCatalogue, type CertificateInput, type RequestInput } from '@cabut/sdk/request'
import { readLetterDate } from '../letter/date.js'
import type { Json } from '../letter/letter.js'
import { isObject, RowReader } from '../row/field.js'

/** The most holders one letter may name; AMS takes at most 100 rows in a batch. */
const mostHolders = 100

/** What a letter asks for one certificate, as data a person has confirmed. */
export interface RequestDetails {
  /** Where it stands in the row, such as `permohonan.pemegang[2]`. */
  readonly at: string
  readonly certificate: CertificateInput
  /** Code of the reason catalogue. */
  readonly reason: string
  readonly note?: string
  readonly holder?: NonNullable<RequestInput['holder']>
  readonly effectiveDate?: string
  readonly onBehalf?: 'deceased' | 'unreachable' | 'incapacitated'
  /** The holder's own office as written, where it is another than the sender's: the personnel office writes for many. */
  readonly office?: string
}

/**
 * Reads what the letter asks for from the field `permohonan` of its row (a row without that object may carry the same fields flat, as a CSV
 * export does): one certificate, or `pemegang`, a table with one row per holder under a common reason.
 *
 * A table with a missing cell is refused as a whole and the row named: nothing of it is filed.
 *
 * @param fields fields of the row that are not the letter's own
 * @returns empty when the row says nothing of a request
 * @throws {@link CabutError} `letterTableInvalid` (a missing cell, half an address of a certificate, more than 100 rows), `letterFieldInvalid`, `letterDateInvalid`,
 *   `letterHolderRepeated`; `at` names the cell, such as `permohonan.pemegang[2].nomor_seri`
 * @example
 * ```ts
 * const [holder] = readDetails(readRow(row, { offices }).unknown)
 * holder?.certificate // { issuerDn: 'CN=BSRE CA DS G1,O=BSSN,C=ID', serial: '1f2e3d' }
 * holder?.reason // 'mutasi'
 * readDetails({ permohonan: { alasan: 'Mutasi', pemegang: [{ nama: 'Laras Kinanti', nomor_seri: '1f2e3d' }] } }) // throws letterTableInvalid
 * ```
 */
export function readDetails(fields: Readonly<Record<string, Json>>): readonly RequestDetails[] {
  const given = fields['permohonan']
  if (given !== undefined && given !== null && !isObject(given)) throw new CabutError('letterFieldInvalid', { at: 'permohonan', detail: 'object expected' })
  const source = isObject(given) ? given : fields
  const prefix = isObject(given) ? 'permohonan' : ''
  const common = new RowReader(source, prefix)
  const table = common.list('pemegang')
  if (table.length === 0) {
    const single = readHolder(common, common, prefix)
    return single === undefined ? [] : [single]
  }
  if (table.length > mostHolders) throw new CabutError('letterTableInvalid', { at: common.place('pemegang'), detail: `more than ${mostHolders} rows` })
  const details = table.map((cells, index) => {
    const at = `${common.place('pemegang')}[${index}]`
    if (!isObject(cells)) throw new CabutError('letterTableInvalid', { at, detail: 'not a row' })
    const holder = readHolder(new RowReader(cells, at), common, at)
    if (holder === undefined) throw new CabutError('letterTableInvalid', { at, detail: 'no certificate is named' })
    return holder
  })
  refuseRepeated(details)
  return details
}

function readHolder(row: RowReader, common: RowReader, at: string): RequestDetails | undefined {
  const place = at === '' ? 'permohonan' : at
  const certificate = readCertificate(row, place)
  if (certificate === undefined) return undefined
  const reason = row.text('alasan') ?? common.text('alasan')
  if (reason === undefined) throw new CabutError('letterTableInvalid', { at: row.place('alasan'), detail: 'missing' })
  const tmt = row.text('tmt') ?? common.text('tmt')
  const note = row.text('keterangan') ?? common.text('keterangan')
  const behalf = row.text('atas_nama_pemegang')
  const holder = {
    ...text('id', row.text('id_pemegang')), ...text('name', row.text('nama', 'nama_pemegang')), ...text('position', row.text('jabatan', 'jabatan_pemegang')),
    ...text('nip', row.text('nip')), ...text('nik', row.text('nik')), ...text('email', row.text('surel', 'email')), ...text('username', row.text('username')),
    ...(behalf === 'meninggal' ? { deceased: true } : behalf === 'tidakTerjangkau' ? { reachable: false } : {}),
  }
  return {
    at: place, certificate, reason: reasonCode(reason),
    ...(note === undefined ? {} : { note }),
    ...(tmt === undefined ? {} : { effectiveDate: readLetterDate(tmt, row.place('tmt')) }),
    ...(Object.keys(holder).length === 0 ? {} : { holder }),
    ...text('office', row.text('opd_pemegang')),
    ...(behalf === undefined ? {} : { onBehalf: ground(behalf, row.place('atas_nama_pemegang')) }),
  }
}

/** Certificate (PEM), or issuer and serial, or username and Subject DN; half an address is a missing cell, not a guess. */
function readCertificate(row: RowReader, at: string): CertificateInput | undefined {
  const pem = row.text('sertifikat')
  const hex = row.text('nomor_seri', 'serial')
  const decimal = row.text('nomor_seri_desimal')
  const issuerDn = row.text('penerbit', 'issuer_dn')
  const subjectDn = row.text('subject_dn')
  const username = row.text('username')
  if (pem === undefined && hex === undefined && decimal === undefined && issuerDn === undefined && subjectDn === undefined) return undefined
  const serial = decimal === undefined ? hex : { decimal }
  const whole = pem !== undefined || (serial !== undefined && issuerDn !== undefined) || (username !== undefined && subjectDn !== undefined)
  if (!whole) {
    const missing = serial !== undefined ? 'penerbit' : issuerDn !== undefined ? 'nomor_seri' : 'username'
    throw new CabutError('letterTableInvalid', { at: `${at}.${missing}`, detail: 'missing' })
  }
  return { ...text('certificate', pem), ...(serial === undefined ? {} : { serial }), ...text('issuerDn', issuerDn), ...text('subjectDn', subjectDn), ...text('username', username) }
}

/** A reason as people write it: the catalogue's code, or its Indonesian title; anything else goes on raw and is refused where reasons are known. */
function reasonCode(written: string): string {
  const fold = (words: string): string => words.normalize('NFKC').toLowerCase().replace(/[^a-z0-9]+/g, '')
  return reasonCatalogue.reasons.find(({ code, title }) => fold(code) === fold(written) || fold(title.id) === fold(written))?.code ?? written
}

function ground(written: string, at: string): 'deceased' | 'unreachable' | 'incapacitated' {
  if (written === 'meninggal') return 'deceased'
  if (written === 'tidakTerjangkau') return 'unreachable'
  if (written === 'tidakCakap') return 'incapacitated'
  throw new CabutError('letterFieldInvalid', { at, detail: 'meninggal, tidakTerjangkau or tidakCakap expected' })
}

function refuseRepeated(details: readonly RequestDetails[]): void {
  const seen = new Set<string>()
  for (const { certificate, at } of details) {
    const key = JSON.stringify(certificate).toLowerCase()
    if (seen.has(key)) throw new CabutError('letterHolderRepeated', { at })
    seen.add(key)
  }
}

function text<Name extends string>(name: Name, value: string | undefined): { readonly [Key in Name]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: string }
}
