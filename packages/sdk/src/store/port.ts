import type { SealedEvent } from '../history/index.js'
import type { CaseState, Effect, EffectKind, Status } from '../workflow/index.js'

/**
 * Whose cases a caller may see: those of the named OPDs, or all (the service itself). Every call of the store takes one;
 * what lies outside the scope does not exist for the caller.
 */
export type TenantScope = { readonly opds: readonly string[] } | 'all'

/** A sealed event as the store keeps it. */
export type StoredEvent = SealedEvent<string, object>

/** Bytes of a letter, certificate, CRL or OCSP answer, addressed by their SHA-256 (lower-case hex). */
export interface Evidence {
  readonly sha256: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/** Evidence read piece by piece, for what need not be in memory whole. Pieces are at most 1 MiB. */
export interface EvidenceStream {
  readonly sha256: string
  readonly mediaType: string
  /** Octets. */
  readonly size: number
  /** The octets in order, from the first on each time it is called. Rejects with `storeUnavailable` when they end early: then nothing that was read counts. */
  pieces(): AsyncIterable<Uint8Array>
}

/** A case as stored: the projection, and the head of its chain to append to. */
export interface StoredCase {
  readonly state: CaseState
  readonly head: { readonly seq: number; readonly digest: string }
}

/** One append: one transaction. All of it happens, or nothing. */
export interface Append {
  readonly caseId: string
  /** Version the writer saw: number of events; 0 for a new case. */
  readonly expectedVersion: number
  readonly events: readonly [StoredEvent, ...StoredEvent[]]
  /** The state after the events. */
  readonly state: CaseState
  /** Asked of the queue in the same transaction. Asking for an open kind again moves it to the earlier time. */
  readonly effects: readonly Effect[]
  /** Bytes the events name by digest. Bytes already known are not stored twice. */
  readonly evidence?: readonly Evidence[]
  /**
   * The running effect this append belongs to: refused as `stale` unless the lease still holds, so that a worker that slept writes nothing.
   */
  readonly lease?: EffectLease
}

/** What became of an append. `conflict` carries the case as it is now. */
export type AppendOutcome =
  | { readonly outcome: 'appended' }
  | { readonly outcome: 'conflict'; readonly current: StoredCase | undefined }
  | { readonly outcome: 'stale' }

/** A claimed effect. Valid until `until`, or until it is finished, retried or parked. */
export interface EffectLease {
  readonly caseId: string
  readonly kind: EffectKind
  /** Names this claim; a later claim of the same effect has another. */
  readonly token: string
}

/** An effect that one worker holds until its lease is over; the case must be loaded again before anything is done outside. */
export interface ClaimedEffect extends EffectLease {
  readonly opd: string
  /** Claims since it was last asked for or last waited without failing, this one included. */
  readonly attempt: number
  /** ISO UTC: when it was due. */
  readonly dueAt: string
}

/** An effect at rest, for people to see. */
export interface EffectView {
  readonly caseId: string
  readonly kind: EffectKind
  readonly dueAt: string
  readonly attempt: number
  readonly status: 'waiting' | 'running' | 'parked'
  /** Why it was retried or parked; names no personal data. */
  readonly note?: string
}

/** Which cases are listed; every field given must hold. Pages are cut by `after` and `limit`. */
export interface CaseFilter {
  readonly status?: Status | readonly Status[]
  /** Case id after which the page starts. */
  readonly after?: string
  /** @default 100, at most 1000 */
  readonly limit?: number
  readonly serial?: string
  readonly issuerDn?: string
}

/**
 * Where cases, events, evidence and effects live. Asynchronous, so that a database can implement it: one {@link Store.append} is one
 * transaction holding the compare-and-set on the version, the events, the projection and the effects (an outbox).
 *
 * Rules every implementation keeps, checked by `storeContract`:
 * - an append with a stale version, or whose first event does not follow the head, changes nothing and answers `conflict`;
 * - appends given at once stand or fall each for itself;
 * - events are append-only, `seq` without gaps;
 * - one effect runs per case at a time, whatever its kind; a claim leases it until `until`, then others may claim it;
 * - an effect asked for while it runs is run again after it ends;
 * - nothing outside the scope is seen.
 */
export interface Store {
  append(scope: TenantScope, append: Append): Promise<AppendOutcome>
  load(scope: TenantScope, caseId: string): Promise<StoredCase | undefined>
  /** Events of a case in order, those with `seq` above `after`. Empty outside the scope. */
  events(scope: TenantScope, caseId: string, after?: number): Promise<readonly StoredEvent[]>
  /** Cases by id, ascending: stable pages whatever happens between them. */
  list(scope: TenantScope, filter?: CaseFilter): Promise<readonly CaseState[]>
  /** Bytes some case within the scope names. */
  evidence(scope: TenantScope, sha256: string): Promise<Evidence | undefined>
  /** The same bytes, piece by piece. */
  openEvidence(scope: TenantScope, sha256: string): Promise<EvidenceStream | undefined>
  /** The next number of a register book, starting with 1. A crash between this and the append leaves a gap, never a duplicate. */
  nextNumber(book: string): Promise<number>
  /** Claims due effects, earliest first, at most one per case. @param now ISO UTC @param until ISO UTC, end of the lease */
  claim(now: string, until: string, limit: number): Promise<readonly ClaimedEffect[]>
  /** Ends a claimed effect. `false`: the lease was lost. */
  finish(lease: EffectLease): Promise<boolean>
  /** Puts it back for later; nothing failed, so its attempts begin anew. */
  wait(lease: EffectLease, at: string, note?: string): Promise<boolean>
  /** Puts it back for later after a failure: its attempts count on. */
  retry(lease: EffectLease, at: string, note?: string): Promise<boolean>
  /** Takes it out of the queue for a person to see. It comes back when it is asked for again. */
  park(lease: EffectLease, note: string): Promise<boolean>
  /**
   * Brings open effects of a case forward: one that waits is due at `at` at the latest, one that runs is run again. Asks for nothing anew, and leaves
   * alone what pauses after a failure. @param at ISO UTC @returns whether there was one
   */
  hasten(caseId: string, kinds: readonly EffectKind[], at: string): Promise<boolean>
  /** Effects of one case, or of all in scope. */
  effects(scope: TenantScope, caseId?: string): Promise<readonly EffectView[]>
  /** When the earliest waiting effect is due, ISO UTC. */
  nextEffectAt(): Promise<string | undefined>
  close(): Promise<void>
}
