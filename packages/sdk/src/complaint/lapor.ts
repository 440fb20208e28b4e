import type { CredentialHolder } from '../transport/index.js'
import type { Complaint } from './complaint.js'
import { guardText, type RemovedData } from './guard-text.js'

/** A complaint as SP4N-LAPOR takes it. */
export interface LaporComplaint {
  readonly title: string
  readonly content: string
  readonly institutionId: string
  readonly classification: 'Pengaduan' | 'Permintaan Informasi' | 'Aspirasi'
  readonly anonymous: boolean
  readonly secret: boolean
}

/** One answer or remark there. */
export interface LaporFollowup {
  readonly at: string
  readonly by: string
  readonly content: string
}

/** What became of a write: a timed-out write is `unknown` and never repeated blindly. */
export type LaporOutcome =
  | { readonly outcome: 'accepted'; readonly ticket: string }
  | { readonly outcome: 'refused'; readonly status: number; readonly message: string }
  | { readonly outcome: 'unknown'; readonly detail: string }
  /** Done by a person, who is told what to do. */
  | { readonly outcome: 'byHand'; readonly instructions: readonly { readonly id: string; readonly en: string }[]; readonly copy: string }

/** A reading. */
export type LaporReading<T> = { readonly outcome: 'read'; readonly value: T } | { readonly outcome: 'unavailable'; readonly detail: string }

/** SP4N-LAPOR as this office reaches it. */
export interface LaporPort {
  /** Sends a complaint on. Only texts that passed the guard are sent. */
  send(complaint: LaporComplaint, as: CredentialHolder): Promise<LaporOutcome>
  /** All answers to a ticket, oldest first. */
  followups(
    ticket: string,
    as: CredentialHolder,
  ): Promise<LaporReading<{ readonly status: string; readonly items: readonly LaporFollowup[] }>>
  /** Tells LAPOR that the complaint does not belong here. */
  reject(ticket: string, reason: string, as: CredentialHolder): Promise<LaporOutcome>
  institutions(as: CredentialHolder): Promise<LaporReading<readonly { readonly id: string; readonly name: string }[]>>
}

/**
 * Ours to theirs, through the guard. An information request is theirs too. The title is the first line, at most 120 characters; the content
 * at most 10 000.
 *
 * @param institutionId LAPOR's own id of the agency; see {@link LaporPort.institutions}
 * @example
 * ```ts
 * const sent = toLapor({ ...complaint, text: 'Belum dicabut\nHubungi 0812-3456-7890' }, '1102')
 * sent.lapor.title // 'Belum dicabut'
 * sent.lapor.content // 'Belum dicabut\nHubungi [telepon dihapus]'
 * sent.lapor.secret // false
 * ```
 */
export function toLapor(
  complaint: Complaint,
  institutionId: string,
): { readonly lapor: LaporComplaint; readonly removed: readonly RemovedData[] } {
  const { text, removed } = guardText(complaint.text)
  return {
    removed,
    lapor: {
      title: guardText(text.split('\n')[0] ?? '').text.slice(0, 120),
      content: text.slice(0, 10_000),
      institutionId,
      classification: /informasi/i.test(complaint.class) ? 'Permintaan Informasi' : 'Pengaduan',
      anonymous: complaint.reporter.visibility === 'anonymous',
      secret: complaint.reporter.visibility !== 'open',
    },
  }
}

/**
 * For offices without an SPLP key: says what a person does at lapor.go.id, and hands out the checked text to copy. Nothing is driven, no
 * password is kept; the person records the tracking number afterwards (`recordLapor`). Readings are always `unavailable`.
 *
 * @example
 * ```ts
 * const outcome = await createAssistedLapor().send(toLapor(complaint, '1102').lapor, tegar)
 * outcome.outcome === 'byHand' && outcome.instructions[1]?.en // 'Choose Pengaduan'
 * ```
 */
export function createAssistedLapor(): LaporPort {
  const unavailable = { outcome: 'unavailable', detail: 'read it at lapor.go.id and record what it says' } as const
  return {
    send: async (complaint) => ({
      outcome: 'byHand',
      copy: `${complaint.title}\n\n${complaint.content}`,
      instructions: [
        { id: 'Masuk ke lapor.go.id dengan akun dinas', en: 'Log in to lapor.go.id with the office account' },
        {
          id: `Pilih klasifikasi ${complaint.classification}${complaint.anonymous ? ', Anonim' : ''}${complaint.secret ? ', Rahasia' : ''}`,
          en: `Choose ${complaint.classification}${complaint.anonymous ? ', anonymous' : ''}${complaint.secret ? ', secret' : ''}`,
        },
        { id: 'Salin teks yang sudah diperiksa, tanpa menambah data pribadi', en: 'Copy the checked text and add no personal data' },
        { id: 'Catat nomor pelacakan pada tiket pengaduan', en: 'Record the tracking number on the ticket' },
      ],
    }),
    followups: async () => unavailable,
    institutions: async () => unavailable,
    reject: async (ticket, reason) => ({
      outcome: 'byHand',
      copy: guardText(reason).text,
      instructions: [
        {
          id: `Buka laporan ${ticket} di lapor.go.id dan tolak dengan teks ini`,
          en: `Open ticket ${ticket} at lapor.go.id and reject it with this text`,
        },
      ],
    }),
  }
}
