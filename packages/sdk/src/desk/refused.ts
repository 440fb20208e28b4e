import { CabutError } from '../errors.js'
import type { Proof } from '../proof/index.js'
import { refusalCodes, type AllowedCommand, type Refusal, type Status } from '../workflow/index.js'

/**
 * A command the workflow refuses: code `workflowRefused`. `refusal` says why, what is missing, and what would be allowed, to whom. Nothing happened.
 *
 * @example
 * ```ts
 * const { desk, id } = await openRequest()
 * await desk.dispose(id, { as: staff.head, to: staff.verifier })
 * const error = await desk.approve(id, { as: { ...staff.officer, role: 'verifier' }, findings: allMatch }).catch((thrown: unknown) => thrown)
 * error instanceof RequestRefusedError && error.refusal.refused // 'fourEyes'
 * refusalCodes.fourEyes.en // 'Nobody decides on what they filed (four eyes)'
 * ```
 */
export class RequestRefusedError extends CabutError {
  override readonly name: string = 'RequestRefusedError'
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super('workflowRefused', { detail: `${refusalCodes[refusal.refused].en} (${refusal.refused}; status ${refusal.status})`, at: refusal.command })
    this.refusal = refusal
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), refusal: this.refusal, reason: refusalCodes[this.refusal.refused] }
  }
}

/**
 * Another officer was faster: code `requestConflict`. Names the state as it is now and what may be done with it.
 *
 * @example
 * ```ts
 * const { desk, id } = await openRequest()
 * const { version } = await desk.get(id)
 * await desk.dispose(id, { as: staff.head, to: staff.verifier, ifVersion: version })
 * const error = await desk.withdraw(id, { as: staff.officer, ifVersion: version }).catch((thrown: unknown) => thrown)
 * error instanceof RequestConflictError && error.status // 'disposed'
 * ```
 */
export class RequestConflictError extends CabutError {
  override readonly name: string = 'RequestConflictError'
  readonly status: Status
  readonly version: number
  readonly allowed: readonly AllowedCommand[]

  constructor(status: Status, version: number, allowed: readonly AllowedCommand[]) {
    super('requestConflict', { detail: `now ${status}, version ${version}` })
    this.status = status
    this.version = version
    this.allowed = allowed
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), status: this.status, version: this.version, allowed: this.allowed }
  }
}

/**
 * The certificate is revoked already: code `certificateAlreadyRevoked`. Nothing is filed, the evidence and a receipt are offered.
 *
 * @example
 * ```ts
 * const filed = openDesk().file({ certificate: revoked.der, reason: 'mutasi', letters: [requestLetter], applicant })
 * const error = await filed.catch((thrown: unknown) => thrown)
 * error instanceof AlreadyRevokedError && error.proof.reason // 'affiliationChanged'
 * const files = error instanceof AlreadyRevokedError ? await error.receipt() : new Map<string, Uint8Array>()
 * files.has('receipt.json') // true
 * ```
 */
export class AlreadyRevokedError extends CabutError {
  override readonly name: string = 'AlreadyRevokedError'
  readonly proof: Proof
  /** The CRL or OCSP response the proof names. */
  readonly evidence: Uint8Array
  /** Writes the receipt of the revocation that is there: file name -> bytes. */
  readonly receipt: () => Promise<ReadonlyMap<string, Uint8Array>>

  constructor(proof: Proof, evidence: Uint8Array, receipt: () => Promise<ReadonlyMap<string, Uint8Array>>) {
    super('certificateAlreadyRevoked', { detail: `since ${proof.revocationDate}, by ${proof.source.toUpperCase()} of ${proof.thisUpdate}`, at: 'certificate' })
    this.proof = proof
    this.evidence = evidence
    this.receipt = receipt
  }
}
