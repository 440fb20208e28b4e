import { CabutError } from '../errors.js'
import type { Proof } from '../proof/index.js'
import { refusalCodes, type AllowedCommand, type Refusal, type Status } from '../workflow/index.js'

/** A command the workflow refuses. `refusal` says why, what is missing, and what would be allowed, to whom. Nothing happened. */
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

/** Another officer was faster. Names the state as it is now and what may be done with it. */
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

/** The certificate is revoked already: nothing is filed, the evidence and a receipt are offered. */
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
