import type { LetterExamination } from '../examination/examine-letter.js'
import type { RequestView } from './letter-desk.js'

/** What a verifier found (`state.findings`). */
type Findings = Omit<NonNullable<RequestView['state']['findings']>, 'by' | 'at'>

const words = {
  data: { match: 'data pemohon sesuai', mismatch: 'data pemohon TIDAK sesuai' },
  completeness: { complete: 'berkas lengkap', incomplete: 'berkas BELUM lengkap' },
  subjectDn: { match: 'Subject DN sesuai', mismatch: 'Subject DN TIDAK sesuai', unchecked: 'Subject DN belum diperiksa' },
} as const

/**
 * What the verifier found as the instruction of a disposition (instruksi), so that whoever it goes to in Srikandi reads the same as in the desk.
 * Of the letter's own findings those are told that ask for attention. Names nobody.
 *
 * @example
 * ```ts
 * writeInstruction({ data: 'match', completeness: 'incomplete', subjectDn: 'match' }) // 'Hasil verifikasi: data pemohon sesuai; berkas BELUM lengkap; Subject DN sesuai.'
 * ```
 */
export function writeInstruction({ data, completeness, subjectDn }: Findings, examination?: Pick<LetterExamination, 'findings'>): string {
  const told = `Hasil verifikasi: ${words.data[data]}; ${words.completeness[completeness]}; ${words.subjectDn[subjectDn]}.`
  const graver = (examination?.findings ?? []).filter(({ level }) => level !== 'info')
  const letter = graver.map(({ id, at }) => `${id}${at === undefined ? '' : ` (${at})`}`)
  return letter.length === 0 ? told : `${told} Perhatian pada surat: ${letter.join('; ')}.`
}
