import { isPositionLine, readAuthority, type SigningAuthority } from './authority.js'
import { placeOf, type ReadFact } from './fact.js'
import type { Line } from './line.js'

/** Who signs, as the letter says. */
export interface ReadSignatory {
  readonly name: string
  readonly authority: SigningAuthority
}

/** Rank and identity number below the name; the number is never kept. */
const below = /^(?:nip|nrp|ni\s?pppk)\b|^(?:pembina|penata|pengatur|juru|ahli|jaksa)\b/i
const between = /tanda\s?tangan|ditandatangani|secara elektronik|\$\{|^ttd\.?$|balai (?:besar )?sertifikasi|bsre|materai|meterai|^[#.\-_ ]+$/i

/**
 * Finds the block of the signature: a position (with `Plt.`, `Plh.`, `a.n.`, `u.b.`), then a name in the same column. The last such block of
 * the letter is meant; `tembusan` comes behind it.
 */
export function findSignatory(lines: readonly Line[]): ReadFact<ReadSignatory> | undefined {
  const found: ReadFact<ReadSignatory>[] = []
  for (let index = 0; index < lines.length; index += 1) {
    const opening = lines[index]
    const piece = opening?.pieces.find(({ text }) => isPositionLine(text))
    // A position within a sentence, or in the address (`Yth. Kepala ...`), opens no block.
    if (opening === undefined || piece === undefined || /^(?:yth|kepada)\b/i.test(opening.text)) continue
    const column = (line: Line): string | undefined => line.pieces.find(({ x }) => Math.abs(x - piece.x) <= 14)?.text
    const positions: string[] = [piece.text]
    let at = index + 1
    for (; at < lines.length && at < index + 6; at += 1) {
      const text = column(lines[at] as Line)
      if (text === undefined || (lines[at] as Line).gap > 2.2 || between.test(text)) break
      if (!isPositionLine(text) && positions.at(-1)?.endsWith(',') === true) break
      if (!isPositionLine(text) && looksLikeName(text) && !/^(?:kabupaten|kota|provinsi|dinas|badan|bidang|bagian)\b/i.test(text)) break
      positions.push(text)
    }
    const authority = readAuthority(positions)
    if (authority === undefined) continue
    let name: Line | undefined
    let identified = false
    for (; at < lines.length && at < index + 16; at += 1) {
      const text = column(lines[at] as Line)
      if (text === undefined || between.test(text)) continue
      if (below.test(text)) { identified = name !== undefined; break }
      if (/^tembusan/i.test(text) || isPositionLine(text)) break
      if (name === undefined && looksLikeName(text)) name = lines[at]
      else if (name !== undefined) break
    }
    if (name === undefined) continue
    const text = column(name) ?? ''
    const late = name.page > 1 || name.depth > 0.3
    found.push({
      value: { name: text.replace(/^\(\s*|\s*\)$/g, ''), authority }, text: [...positions, text].join(' / '), place: placeOf(name), others: [],
      confidence: identified && late ? 'high' : late ? 'medium' : 'low',
    })
    index = at - 1
  }
  const last = found.at(-1)
  return last === undefined ? undefined : { ...last, others: found.slice(0, -1).map(({ value }) => value.name) }
}

function looksLikeName(text: string): boolean {
  return /^[\p{L}(][\p{L} .,'’()-]{2,79}$/u.test(text) && !/:$/.test(text) && text.split(/\s+/).length <= 10
}
