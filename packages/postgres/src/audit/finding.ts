/**
 * What can be wrong with a stored desk.
 *
 * @example
 * ```ts
 * auditFaults.chainRewritten.en // 'the chain of a case was rewritten'
 * ```
 */
export const auditFaults = {
  eventBroken: { id: 'peristiwa berubah, hilang, atau ditambahkan', en: 'an event was changed, removed or added' },
  columnDiffers: { id: 'kolom tidak cocok dengan peristiwa yang disegel', en: 'a column does not fit the sealed event' },
  headDiffers: { id: 'ujung rantai tidak cocok dengan berkasnya', en: 'the end of the chain does not fit the case' },
  projectionDiffers: { id: 'keadaan berkas bukan hasil peristiwanya', en: 'the state of the case is not what its events lead to' },
  eventsWithoutCase: { id: 'peristiwa tanpa berkas', en: 'events without a case' },
  evidenceChanged: { id: 'bita bukti berubah', en: 'bytes of evidence were changed' },
  evidenceMissing: { id: 'bukti yang disebut peristiwa hilang', en: 'evidence an event names is missing' },
  caseDeleted: { id: 'berkas yang tercatat di register hilang', en: 'a case of the register is gone' },
  chainRewritten: { id: 'rantai berkas ditulis ulang', en: 'the chain of a case was rewritten' },
  registerBroken: { id: 'register terputus atau berubah', en: 'the register is broken or changed' },
  checkpointDiffers: { id: 'register tidak cocok dengan titik periksa', en: 'the register does not fit a checkpoint' },
} as const

/** One thing an audit found wrong, with its place; never a personal value. */
export interface AuditFinding {
  readonly code: keyof typeof auditFaults
  readonly caseId?: string
  /** First broken event of the case. */
  readonly seq?: number
  readonly detail: string
}
