/**
 * In what capacity a letter is signed.
 * - `own`: by the holder of the position
 * - `plt` (pelaksana tugas): acting, the position is vacant; `plh` (pelaksana harian): acting while its holder is away; `pj`: appointed for a time
 * - `an` (atas nama): on behalf of the holder of the position, who keeps the responsibility; `ub` (untuk beliau): the same, one step further down
 */
export type SigningCapacity = 'own' | 'plt' | 'plh' | 'pj' | 'an' | 'ub'

/** With what authority a letter is signed, as its signature block says. */
export interface SigningAuthority {
  readonly capacity: SigningCapacity
  /** The position whose authority is used, such as `Kepala Dinas Pendidikan`. */
  readonly position: string
  /** The signer's own position, where it is another one: `a.n. Kepala Dinas ... Sekretaris`. */
  readonly signedAs?: string
  /** With `ub`: who would have signed on behalf. */
  readonly through?: string
}

const marks: readonly (readonly [SigningCapacity, RegExp])[] = [
  ['plt', /^(?:plt|pelaksana tugas)(?:[. ]\s*|$)/i],
  ['plh', /^(?:plh|pelaksana harian)(?:[. ]\s*|$)/i],
  ['pj', /^(?:pjs?|penjabat(?: sementara)?)(?:[. ]\s*|$)/i],
  ['an', /^(?:a\s?[.,]\s?n\.?|an\.|atas nama)\s*/i],
  ['ub', /^(?:u\s?[.,]\s?b\.?|ub\.|untuk beliau)\s*/i],
]

/** Words a position begins with. */
const position = /^(?:kepala|sekretaris|camat|lurah|direktur|inspektur|bupati|wali ?kota|gubernur|asisten|ketua|kabag|kabid|kasubbag|pimpinan|koordinator|rektor|dekan|panitera|staf ahli)\b/i

/** Whether a line opens or continues a signature block: a position, or a mark such as `Plt.` or `a.n.`. */
export function isPositionLine(text: string): boolean {
  return position.test(text) || marks.some(([, mark]) => mark.test(text) && (position.test(text.replace(mark, '').trim()) || text.replace(mark, '').trim() === ''))
}

/**
 * Reads the lines above a signature: `Plt. Kepala Dinas Pendidikan,` or `a.n. Kepala Dinas Pendidikan` / `Sekretaris,` / `u.b.` / `Kepala Bidang ...`.
 *
 * @returns `undefined` when no position stands there
 * @example
 * ```ts
 * readAuthority(['a.n. KEPALA DINAS PENDIDIKAN', 'Sekretaris,']) // { capacity: 'an', position: 'KEPALA DINAS PENDIDIKAN', signedAs: 'Sekretaris' }
 * readAuthority(['Hormat kami,']) // undefined
 * ```
 */
export function readAuthority(lines: readonly string[]): SigningAuthority | undefined {
  const found: { capacity: SigningCapacity; text: string }[] = []
  for (const line of lines) {
    const text = line.trim()
    const mark = marks.find(([, form]) => form.test(text))
    const rest = (mark === undefined ? text : text.replace(mark[1], '')).replace(/[\s,]+$/, '').trim()
    const last = found.at(-1)
    if (mark !== undefined) found.push({ capacity: mark[0], text: rest })
    else if (last?.text === '') last.text = rest
    else if (last === undefined || position.test(rest)) found.push({ capacity: 'own', text: rest })
    else last.text = `${last.text} ${rest}`
  }
  const [first, second, third] = found
  if (first === undefined || first.text === '' || !position.test(first.text)) return undefined
  if (first.capacity !== 'an') return { capacity: first.capacity, position: first.text, ...(second === undefined ? {} : { signedAs: second.text }) }
  if (second === undefined || second.text === '') return { capacity: 'an', position: first.text }
  if (third?.capacity === 'ub' && third.text !== '') return { capacity: 'ub', position: first.text, through: second.text, signedAs: third.text }
  if (second.capacity === 'ub') return { capacity: 'ub', position: first.text, signedAs: second.text }
  return { capacity: 'an', position: first.text, signedAs: second.text }
}

/**
 * Names of the capacities, for people.
 *
 * @example
 * ```ts
 * capacityTitles.plt.id // 'pelaksana tugas (Plt.)'
 * capacityTitles.an.en // 'on behalf (a.n.)'
 * ```
 */
export const capacityTitles: Readonly<Record<SigningCapacity, { readonly id: string; readonly en: string }>> = {
  own: { id: 'pejabat definitif', en: 'the holder of the position' },
  plt: { id: 'pelaksana tugas (Plt.)', en: 'acting, the position is vacant (Plt.)' },
  plh: { id: 'pelaksana harian (Plh.)', en: 'acting while the holder is away (Plh.)' },
  pj: { id: 'penjabat (Pj.)', en: 'appointed for a time (Pj.)' },
  an: { id: 'atas nama (a.n.)', en: 'on behalf (a.n.)' },
  ub: { id: 'untuk beliau (u.b.)', en: 'on behalf, one step further down (u.b.)' },
}
