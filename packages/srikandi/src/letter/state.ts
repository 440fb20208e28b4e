/** What a state of a letter means, whose turn it is, and where it may lead. */
export interface LetterStateRow<State extends string> {
  readonly id: string
  readonly en: string
  readonly next: readonly State[]
}

/** States of a letter received. A disposition may be disposed again; settled is the end. */
export type IncomingState = 'terdaftar' | 'belumDibaca' | 'dibaca' | 'didisposisi' | 'selesai'
/** States of a letter to be sent. The number is provisional up to and including `menungguTandaTangan`. */
export type OutgoingState = 'konsep' | 'verifikasi' | 'menungguTandaTangan' | 'ditandatangani' | 'terkirim'

/**
 * The table of incoming states.
 *
 * @example
 * ```ts
 * incomingStates.dibaca.next // ['didisposisi', 'selesai']
 * incomingStates.belumDibaca.id // 'Belum dibaca'
 * ```
 */
export const incomingStates: Readonly<Record<IncomingState, LetterStateRow<IncomingState>>> = {
  /** The registrar's turn: scanned and registered, not sent on yet. */
  terdaftar: { id: 'Terdaftar', en: 'Registered', next: ['belumDibaca'] },
  /** The recipient's turn. */
  belumDibaca: { id: 'Belum dibaca', en: 'Unread', next: ['dibaca', 'didisposisi'] },
  /** The recipient's turn: dispose or settle. */
  dibaca: { id: 'Sudah dibaca', en: 'Read', next: ['didisposisi', 'selesai'] },
  /** The turn of whom it was disposed to. Leads back to `belumDibaca` when the disposition is cancelled unread. */
  didisposisi: { id: 'Didisposisikan', en: 'Disposed', next: ['didisposisi', 'belumDibaca', 'selesai'] },
  /** Nobody's turn. */
  selesai: { id: 'Selesai ditindaklanjuti', en: 'Settled', next: [] },
}

/**
 * The table of outgoing states.
 *
 * @example
 * ```ts
 * outgoingStates.menungguTandaTangan.next // ['konsep', 'ditandatangani']
 * outgoingStates.ditandatangani.en // 'Signed, not sent'
 * ```
 */
export const outgoingStates: Readonly<Record<OutgoingState, LetterStateRow<OutgoingState>>> = {
  konsep: { id: 'Konsep', en: 'Draft', next: ['verifikasi'] },
  /** The verifiers' turn (paraf), one tier after the other; each may send it back. */
  verifikasi: { id: 'Verifikasi (paraf)', en: 'Being verified', next: ['verifikasi', 'konsep', 'menungguTandaTangan'] },
  /** The signatory's turn. */
  menungguTandaTangan: { id: 'Menunggu tanda tangan', en: 'To be signed', next: ['konsep', 'ditandatangani'] },
  /** Signed and numbered, but nobody has sent it. */
  ditandatangani: { id: 'Ditandatangani, belum dikirim', en: 'Signed, not sent', next: ['terkirim'] },
  terkirim: { id: 'Terkirim', en: 'Sent', next: [] },
}

/**
 * The state of an incoming letter from the three status texts of an exported row. The texts Srikandi uses are not published:
 * what is not understood gives `known: false` and the least advanced state.
 *
 * @example
 * ```ts
 * readIncomingState({ baca: 'Sudah Dibaca', tindak: 'Disposisi' }) // { state: 'didisposisi', known: true }
 * readIncomingState({ baca: 'Diarsipkan' }) // { state: 'belumDibaca', known: false }
 * ```
 */
export function readIncomingState(texts: { readonly baca?: string; readonly tindak?: string; readonly berkas?: string }): { readonly state: IncomingState; readonly known: boolean } {
  const baca = fold(texts.baca)
  const tindak = fold(texts.tindak)
  const unread = /^(?:belum(?: (?:di)?baca)?|unread|0|false)?$/.test(baca)
  const read = /^(?:(?:sudah|telah)(?: (?:di)?baca)?|dibaca|terbaca|read|1|true)$/.test(baca)
  const open = /^(?:belum(?: di)?(?: ?tindak ?lanjut[i]?| tindak)|belum|0|false)?$/.test(tindak)
  const disposed = /^(?:(?:sudah|telah) )?(?:di ?)?disposisi(?:kan)?$/.test(tindak)
  const settled = /^(?:selesai.*|(?:sudah|telah) (?:di ?)?tindak ?lanjut[i]?|(?:di)?tindaklanjuti|tuntas|1|true)$/.test(tindak)
  const known = (unread || read) && (open || disposed || settled)
  if (settled) return { state: 'selesai', known }
  if (disposed) return { state: 'didisposisi', known }
  return { state: read ? 'dibaca' : 'belumDibaca', known }
}

function fold(text: string | undefined): string {
  return (text ?? '').normalize('NFKC').toLowerCase().replace(/[_\s-]+/g, ' ').trim()
}
