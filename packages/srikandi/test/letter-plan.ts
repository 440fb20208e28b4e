import { createHash } from 'node:crypto'
import type { Leaf, Sandbox } from '@cabut/sandbox'
import type { LetterFindingCode, OfficeDirectory } from '@cabut/srikandi'
import { writeLetter } from './letter-writer.js'
import { signLetter } from '@cabut/sandbox/letter'

/** One generated letter, and what must become of it. */
export interface PlannedLetter {
  readonly name: string
  readonly row: object
  readonly pdf: Uint8Array
  readonly expected:
    | { readonly requests: number; readonly findings: readonly LetterFindingCode[] }
    | { readonly rejected: string }
}

/** The offices of the plan: one official may sign for each. */
export const planOffices: OfficeDirectory = [
  { code: 'DINDIK', name: 'Dinas Pendidikan', numberCodes: ['DINDIK'], signatories: [{ nama: 'Surya Wibisana' }] },
  { code: 'DINKES', name: 'Dinas Kesehatan', numberCodes: ['DINKES'], signatories: [{ nama: 'Surya Wibisana' }] },
]

/** Ways to write one number: all are the same letter to people. */
const spellings: readonly ((number: string) => string)[] = [(text) => text, (text) => `Nomor : ${text}`, (text) => text.replace(/\//g, ' / '), (text) => text.toLowerCase(), (text) => text.replace('-', '–')]
const kinds = ['signed', 'unsigned', 'wrongSigner', 'revokedSigner', 'ownCertificate', 'printout', 'badTable', 'otherNumber'] as const

/** Everything a plan needs of the outside: signers, one of them revoked and published. */
export interface PlanPeople { readonly head: Leaf; readonly other: Leaf; readonly gone: Leaf }

/** Issues the signers and revokes one of them. */
export async function planPeople(sandbox: Sandbox): Promise<PlanPeople> {
  const [head, other, gone] = [await sandbox.manage.issue({ username: 'surya.wibisana' }), await sandbox.manage.issue({ username: 'laras.kinanti' }), await sandbox.manage.issue({ username: 'surya.wibisana' })]
  sandbox.manage.revokeAtAuthority(gone.serial, 'keyCompromise')
  sandbox.manage.publish()
  return { head, other, gone }
}

/** The same letters for the same seed. `most`: holders in the largest batch. */
export async function planLetters({ head, other, gone }: PlanPeople, { seed, count, most, at }: { readonly seed: string; readonly count: number; readonly most: number; readonly at: Date }): Promise<readonly PlannedLetter[]> {
  const letters: PlannedLetter[] = []
  for (let index = 0; index < count; index += 1) {
    const random = createHash('sha256').update(`${seed} ${index}`).digest()
    const kind = kinds[index % kinds.length] ?? 'signed'
    const office = (random[1] ?? 0) % 2 === 0 ? { code: 'DINDIK', name: 'Dinas Pendidikan' } : { code: 'DINKES', name: 'Dinas Kesehatan' }
    // Every second letter is for one holder; the others are batches up to the largest, which always occurs.
    const holders = kind === 'ownCertificate' || (index % 2 === 0 && index !== 0) ? 1 : index === 0 ? most : 1 + (random.readUInt16BE(2) % most)
    const number = `800.1-${100 + index}/${office.code}`
    const written = (spellings[(random[4] ?? 0) % spellings.length] ?? String)(number)
    // With a letter in it: digits alone might be decimal, and the desk refuses to guess.
    const serials = Array.from({ length: holders }, (_, row) => `c${createHash('sha256').update(`${seed} ${index} ${row}`).digest('hex').slice(0, 15)}`)
    const pemegang = kind === 'ownCertificate'
      ? [{ nama: 'Surya Wibisana', sertifikat: head.certificatePem }]
      : serials.map((nomor_seri, row) => ({ nama: `Pegawai ${row}`, penerbit: head.issuerDn, ...(kind === 'badTable' && row === holders - 1 ? {} : { nomor_seri }) }))
    const row = {
      nomor: written, tanggal: '23 November 2026', hal: 'Permohonan Pencabutan Sertifikat Elektronik', status_baca: 'Sudah dibaca',
      jabatan_pengirim: `Kepala ${office.name}`, permohonan: { alasan: 'mutasi', pemegang },
    }
    const drawn = await writeLetter({
      head: ['PEMERINTAH KABUPATEN CONTOH', office.name.toUpperCase()], nomor: kind === 'otherNumber' ? `999/${office.code}` : number, position: [`Kepala ${office.name},`],
      name: kind === 'wrongSigner' ? 'Laras Kinanti' : 'Surya Wibisana', electronic: kind !== 'unsigned', body: [`Surat ${index}`],
    })
    const signer = kind === 'wrongSigner' ? other : kind === 'revokedSigner' ? gone : head
    const pdf = kind === 'unsigned' || kind === 'printout' ? drawn : await signLetter(drawn, signer, at)
    const findings: Readonly<Record<typeof kind, readonly LetterFindingCode[]>> = {
      signed: ['signed'], unsigned: ['unsigned'], wrongSigner: ['signed', 'signerNotListed'], revokedSigner: ['signerRevoked'], ownCertificate: ['signed', 'signerUnderRevocation'],
      printout: ['printout'], badTable: [], otherNumber: ['numberDiffers', 'signed'],
    }
    letters.push({ name: `surat-${String(index).padStart(3, '0')}`, row, pdf, expected: kind === 'badTable' ? { rejected: 'letterTableInvalid' } : { requests: holders, findings: findings[kind] } })
  }
  return letters
}
