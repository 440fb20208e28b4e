import type { LetterInput } from '@cabut/sdk'
import { letterKinds } from '@cabut/sdk/standard'
import { InputError, readInput } from '../../input.js'

/** How a letter is written on the command line. */
export const letterText = {
  id: 'surat: jenis=berkas.pdf[;nomor][;tanggal YYYY-MM-DD], misalnya requestLetter=surat.pdf;800/15/DINDIK;2026-11-19',
  en: 'letter: kind=file.pdf[;number][;date YYYY-MM-DD], for example requestLetter=letter.pdf;800/15/DINDIK;2026-11-19',
} as const

/** Reads a letter named on the command line. */
export async function readLetter(text: string): Promise<LetterInput> {
  const at = text.indexOf('=')
  const kind = letterKinds.find((known) => known === text.slice(0, at))
  if (at < 1 || kind === undefined) throw new InputError({ id: `surat: jenis salah satu dari ${letterKinds.join(', ')}`, en: `letter: kind is one of ${letterKinds.join(', ')}` })
  const [path = '', number, date] = text.slice(at + 1).split(';')
  if (path === '') throw new InputError({ id: `surat ${kind}: berkas tidak disebut`, en: `letter ${kind}: no file is named` })
  return { kind, bytes: await readInput(path), ...(number === undefined || number === '' ? {} : { number }), ...(date === undefined || date === '' ? {} : { date }) }
}

/** Reads several letters. */
export function readLetters(texts: readonly string[]): Promise<readonly LetterInput[]> {
  return Promise.all(texts.map(readLetter))
}

