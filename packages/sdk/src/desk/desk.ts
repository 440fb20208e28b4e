import type { Proof } from '../proof/index.js'
import type { ReceiptForm } from '../receipt/index.js'
import type { Issue, RequestInput } from '../request/index.js'
import type { LetterKind, ServiceStandard } from '../standard/index.js'
import type { CaseFilter, EffectView, Evidence, EvidenceStream, StoredEvent } from '../store/index.js'
import type {
  Actor, AllowedCommand, Blocked, CaseState, Command, Findings, Label, NoticeSubject, ServiceClock, Status, StatusReason, AmsRecordWord,
} from '../workflow/index.js'

/** A letter as handed in. */
export interface LetterInput {
  readonly kind: LetterKind
  /** A whole PDF. */
  readonly bytes: Uint8Array
  readonly number?: string
  /** `YYYY-MM-DD` */
  readonly date?: string
}

/** What {@link Desk.file} takes: the request, and who files it where that is not the applicant. */
export interface FileInput extends RequestInput {
  /** @default the applicant, in the role the standard lets file */
  readonly as?: Actor
  /** Keep it as a draft even when it is complete. */
  readonly draft?: boolean
  /** Chosen id; filing the same id again is refused. @default from `ids` */
  readonly id?: string
}

/** Who gives a command, and on which version of the request they decided. */
export interface By {
  readonly as: Actor
  /** Refused as a conflict unless the request still has this version (HTTP If-Match). */
  readonly ifVersion?: number
}

/** A request as people and adapters see it. */
export interface RequestView {
  readonly id: string
  readonly status: Status
  /** Status in words. */
  readonly label: Label
  readonly statusReason?: StatusReason
  readonly version: number
  readonly register?: string
  /** Whole state; personal values are in `personal`. */
  readonly state: CaseState
  /** What may be done next, and by whom. */
  readonly allowed: readonly AllowedCommand[]
  /** Nobody of the roster may decide. */
  readonly blocked?: Blocked
  /** The service clock and the time to proof. */
  readonly clock: ServiceClock
  readonly proof?: Proof
  /** Worth telling the applicant; set by `file` and `attach`. */
  readonly warnings: readonly Issue[]
}

/** Where a reader belongs; their OPD limits what they see. Absent: the service itself. */
export interface Reader {
  readonly as?: Actor
}

/**
 * The application service every adapter uses. Each command is one decision of the workflow, appended whole or not at all.
 *
 * Commands throw {@link RequestRefusedError} (with what would be allowed, to whom), {@link RequestConflictError} (somebody was faster) and
 * `CabutError` `requestNotFound`, `deskClosed`. Readings outside a reader's OPD behave as if the request did not exist.
 *
 * @example
 * ```ts
 * const desk = createDesk({ standard: 'kabupaten-purbalingga', ams, anchors })
 * const request = await desk.file({ certificate, reason: 'mutasi', letters: [letter], applicant })
 * await desk.dispose(request.id, { as: head, to: verifier })
 * await desk.approve(request.id, { as: verifier, findings })
 * const proof = await desk.proven(request.id) // resolves when the CA's own CRL or OCSP proves it
 * ```
 */
export interface Desk {
  readonly standard: ServiceStandard
  /**
   * Reads, checks and records a request; submits it at once when everything required is attached.
   *
   * @throws InvalidInputError `requestInvalid`; AlreadyRevokedError with the evidence; CabutError `certificateIssuerNotPinned`, `certificateExpired`
   */
  file(input: FileInput): Promise<RequestView>
  amend(id: string, change: By & {
    readonly reason?: string; readonly effectiveDate?: string | null; readonly invalidityDate?: string | null; readonly note?: string
  }): Promise<RequestView>
  attach(id: string, what: By & { readonly letter: LetterInput }): Promise<RequestView>
  submit(id: string, by: By): Promise<RequestView>
  receive(id: string, by: By): Promise<RequestView>
  dispose(id: string, what: By & { readonly to: Actor | string; readonly note?: string }): Promise<RequestView>
  redispose(id: string, what: By & { readonly to: Actor | string; readonly note?: string }): Promise<RequestView>
  cancelDisposition(id: string, by: By): Promise<RequestView>
  verify(id: string, what: By & { readonly findings: Findings }): Promise<RequestView>
  return(id: string, what: By & { readonly reasons: readonly string[] }): Promise<RequestView>
  approve(id: string, what: By & { readonly findings?: Findings; readonly emergency?: boolean }): Promise<RequestView>
  reject(id: string, what: By & { readonly reasons: readonly string[] }): Promise<RequestView>
  withdraw(id: string, what: By & { readonly note?: string }): Promise<RequestView>
  expedite(id: string, by: By): Promise<RequestView>
  execute(id: string, by: By): Promise<RequestView>
  ratify(id: string, what: By & { readonly decision: 'ratified' | 'refused'; readonly note?: string }): Promise<RequestView>
  /** What an officer did or saw in AMS by hand. */
  recordAms(id: string, what: By & { readonly record: AmsRecordWord }): Promise<RequestView>
  park(id: string, what: By & { readonly detail?: string }): Promise<RequestView>
  /** Ends a parking: what a person found in AMS. */
  resume(id: string, what: By & { readonly found: 'record' | 'nothing'; readonly recordId?: string; readonly note?: string }): Promise<RequestView>
  resolve(id: string, what: By & { readonly outcome: 'continue' | 'fail'; readonly note?: string }): Promise<RequestView>
  resumeCertificate(id: string, what: By & { readonly note?: string }): Promise<RequestView>
  /** A person told the applicant or holder. */
  notify(id: string, what: By & { readonly channel: string; readonly party?: 'applicant' | 'holder'; readonly subject?: NoticeSubject; readonly reference?: string }): Promise<RequestView>
  answer(id: string, what: By & { readonly letter: LetterInput }): Promise<RequestView>
  /** Ends a request (`close` ends the desk). */
  finish(id: string, by: By): Promise<RequestView>
  reopen(id: string, what: By & { readonly complaint: string }): Promise<RequestView>
  /** Hands in a CRL or OCSP answer got some other way; it is judged like one the desk fetched. */
  examine(id: string, what: By & { readonly crls?: readonly Uint8Array[]; readonly ocsp?: readonly Uint8Array[] }): Promise<RequestView>
  /** Any command, for adapters that are driven by data. */
  perform(id: string, command: Command, by: By): Promise<RequestView>

  get(id: string, reader?: Reader): Promise<RequestView>
  list(filter?: CaseFilter, reader?: Reader): Promise<readonly RequestView[]>
  /** The sealed events, oldest first. */
  history(id: string, reader?: Reader): Promise<readonly StoredEvent[]>
  /** Bytes the request names by digest: letters, certificate, CRL, OCSP. */
  evidence(id: string, sha256: string, reader?: Reader): Promise<Evidence>
  /** The same bytes, piece by piece: for what is passed on, like a CRL of many megabytes to a download. */
  openEvidence(id: string, sha256: string, reader?: Reader): Promise<EvidenceStream>
  /**
   * Somebody says that something happened to a certificate (a webhook of AMS, a telephone call): its open requests look at AMS and at the authority's
   * evidence now instead of at their next time. Nothing that was said is believed, so it may be said twice, late, in any order, or be a lie.
   *
   * @param certificate issuer as RFC 4514 text, serial in hex
   * @returns how many requests look
   * @throws CabutError `deskClosed`, `storeUnavailable`
   */
  lookAgain(certificate: { readonly issuerDn: string; readonly serial: string }): Promise<number>
  /** Effects at rest: waiting, running, parked. */
  effects(id?: string): Promise<readonly EffectView[]>
  /**
   * Resolves with the proof once the request is proven.
   *
   * @throws CabutError `requestNotProven` when it ended without one (rejected, withdrawn, failed, contradicted) or the signal aborts
   */
  proven(id: string, options?: { readonly signal?: AbortSignal }): Promise<Proof>
  /** The receipt ("Bukti pencabutan"): file name -> bytes. */
  receipt(id: string, options?: Reader & { readonly form?: ReceiptForm }): Promise<ReadonlyMap<string, Uint8Array>>
  /** Calls back after each change made through this desk. Returns how to stop. */
  onChange(listener: (request: CaseState) => void): () => void
  /** Runs every effect that is due; says how many. */
  runEffects(): Promise<number>
  /** Stops the worker, waits for running effects, closes the store it made itself. */
  close(): Promise<void>
}
