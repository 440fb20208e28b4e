import type { AmsDecision, AmsFiling } from './port.js'
import { lookUp, type AmsProfile } from './profile.js'

/** One thing to do or enter; `copy` is the exact text for the clipboard. */
export interface AssistedStep {
  readonly id: string
  readonly en: string
  readonly copy?: string
}

/** What an officer is asked to do in the AMS page. Holds personal data (username, Subject DN): show it, do not log it. */
export interface AssistedTask {
  readonly kind: 'fileRevocation' | 'decideRevocation'
  readonly title: { readonly id: string; readonly en: string }
  readonly steps: readonly AssistedStep[]
}

/**
 * What to enter in AMS for a filing. The layout of AMS's page is not public, so the steps name fields by meaning, and the values exactly.
 *
 * @param profile - gives the value and the label of the reason; what it does not know is shown as it is
 * @example
 * ```ts
 * const { title, steps } = describeFiling(filing, { ...assumedAmsProfile, reasonLabels: { mutasi: 'Mutasi pegawai' } })
 * title.en // 'File the revocation in AMS'
 * steps.flatMap(({ copy }) => copy ?? []).slice(0, 3) // ['laras.kinanti', '4d2a', '19754']
 * steps[6]?.en // 'Choose the reason for revocation: Mutasi pegawai'
 * ```
 */
export function describeFiling(filing: AmsFiling, profile: AmsProfile): AssistedTask {
  const value = lookUp(profile.reasons, filing.reason) ?? filing.reason
  const label = lookUp(profile.reasonLabels, value) ?? value
  const { subjectDn, issuerDn, serial } = filing.certificate
  const steps: AssistedStep[] = [
    { id: 'Masuk ke AMS dengan akun Anda sendiri dan buka menu pencabutan sertifikat.', en: 'Log in to AMS with your own account and open the menu for revoking a certificate.' },
    { id: `Cari pengguna: ${filing.username}`, en: `Find the user: ${filing.username}`, copy: filing.username },
  ]
  if (subjectDn !== undefined) steps.push({ id: `Pilih sertifikat dengan Subject DN: ${subjectDn}`, en: `Choose the certificate with the Subject DN: ${subjectDn}`, copy: subjectDn })
  steps.push(
    { id: `Cocokkan nomor seri (heksadesimal): ${serial}`, en: `Compare the serial number (hexadecimal): ${serial}`, copy: serial },
    { id: `Cocokkan nomor seri (desimal): ${decimal(serial)}`, en: `Compare the serial number (decimal): ${decimal(serial)}`, copy: decimal(serial) },
    { id: `Cocokkan penerbit: ${issuerDn}`, en: `Compare the issuer: ${issuerDn}`, copy: issuerDn },
    { id: 'Bila nomor seri tidak sama, berhenti: itu sertifikat lain.', en: 'If the serial number differs, stop: it is another certificate.' },
    { id: `Pilih alasan pencabutan: ${label}`, en: `Choose the reason for revocation: ${label}`, copy: label },
  )
  if (filing.note !== undefined) steps.push({ id: `Isi keterangan: ${filing.note}`, en: `Enter the note: ${filing.note}`, copy: filing.note })
  for (const [index, letter] of filing.letters.entries()) {
    const size = Math.ceil(letter.bytes.byteLength / 1024)
    steps.push({
      id: `Unggah surat ${index + 1} (${size} KiB, SHA-256 ${letter.sha256}); jangan dikompres atau dicetak ulang.`,
      en: `Upload letter ${index + 1} (${size} KiB, SHA-256 ${letter.sha256}); do not compress or re-print it.`,
      copy: letter.sha256,
    })
  }
  steps.push({
    id: 'Pilih cabut, bukan tangguhkan (suspend). Kirim, lalu catat nomor yang ditampilkan AMS dan konfirmasikan di sini.',
    en: 'Choose revoke, not suspend. Send, note the number AMS shows, and confirm here.',
  })
  return { kind: 'fileRevocation', title: { id: 'Ajukan pencabutan di AMS', en: 'File the revocation in AMS' }, steps }
}

const decisions = {
  forward: { id: 'Teruskan ke BSrE', en: 'Forward to BSrE' },
  return: { id: 'Kembalikan untuk perbaikan', en: 'Return for correction' },
  reject: { id: 'Tolak', en: 'Reject' },
} as const

/**
 * What to do in AMS for the agency's decision on a waiting record.
 *
 * @example
 * ```ts
 * const task = describeDecision({ revocationId: 'rev-000007', decision: 'return', note: 'Surat belum ditandatangani' })
 * task.steps.slice(1).map(({ en }) => en) // ['Open the record: rev-000007', 'Choose: Return for correction', 'Enter the note: Surat belum ditandatangani']
 * ```
 */
export function describeDecision(decision: AmsDecision): AssistedTask {
  const word = decisions[decision.decision]
  const steps: AssistedStep[] = [
    { id: 'Masuk ke AMS dengan akun Anda sendiri dan buka menu verifikasi pencabutan.', en: 'Log in to AMS with your own account and open the menu for verifying revocations.' },
    { id: `Buka permohonan: ${decision.revocationId}`, en: `Open the record: ${decision.revocationId}`, copy: decision.revocationId },
    { id: `Pilih: ${word.id}`, en: `Choose: ${word.en}` },
  ]
  if (decision.note !== undefined) steps.push({ id: `Isi catatan: ${decision.note}`, en: `Enter the note: ${decision.note}`, copy: decision.note })
  return { kind: 'decideRevocation', title: { id: 'Putuskan permohonan pencabutan di AMS', en: 'Decide on the revocation record in AMS' }, steps }
}

function decimal(serial: string): string {
  return /^[0-9a-f]{1,60}$/i.test(serial) ? BigInt(`0x${serial}`).toString() : serial
}
