import type { Json } from './canonical.js'

/** A personal value kept beside the chain. Deleting it leaves every digest as it was: the chain stays provable (UU 27/2022, erasure). */
export interface PersonalValue {
  /** At least 16 random bytes in lower-case hex: without them the value cannot be guessed from its commitment. */
  readonly salt: string
  readonly value: Json
}

/** Who did it. `id` is a pseudonym the office's own roster resolves: never a name, NIK, NIP or mail address. */
export interface HistoryActor {
  readonly id: string
  readonly role: string
  /** Code of the office (OPD). */
  readonly opd?: string
}

/** An event before it is sealed into the chain of its case. */
export interface UnsealedEvent<Type extends string = string, Data extends object = Readonly<Record<string, Json>>> {
  readonly caseId: string
  readonly type: Type
  readonly actor: HistoryActor
  /** ISO 8601 in UTC with milliseconds: `2026-11-22T02:00:00.000Z`. */
  readonly time: string
  readonly standard: { readonly id: string; readonly version: string }
  /** JSON without personal data. */
  readonly data: Data
  /** Personal fields by name (`holder`, `reason`, `note`, ...): each enters the digest as a salted commitment only. */
  readonly personal?: Readonly<Record<string, Json>>
}

/**
 * An event sealed into the chain of its case.
 *
 * ```text
 * commitment = SHA-256(canonical({ field, salt, value }))                          for each personal field
 * content    = SHA-256(canonical({ actor, commitments, data, salt }))              hides who and what, yet binds it
 * digest     = SHA-256(canonical({ caseId, content, previous, seq, standard, time, type }))
 * ```
 * Two layers, so that a public receipt can show the chain itself (type, time, digest) and keep actor and data back.
 * All hashes are lower-case hex of UTF-8 bytes of canonical JSON (RFC 8785).
 */
export interface SealedEvent<Type extends string = string, Data extends object = Readonly<Record<string, Json>>> {
  readonly caseId: string
  /** 1, 2, 3, ... without gaps. */
  readonly seq: number
  readonly type: Type
  readonly actor: HistoryActor
  readonly time: string
  readonly standard: { readonly id: string; readonly version: string }
  readonly data: Data
  readonly commitments: Readonly<Record<string, string>>
  /** Salt of the content; keeps low-entropy data from being guessed out of a public chain. */
  readonly salt: string
  readonly content: string
  /** Digest of the event before; `null` for the first. */
  readonly previous: string | null
  readonly digest: string
  /** Kept beside: not part of any digest, checked against `commitments` when present, absent after erasure. */
  readonly personal?: Readonly<Record<string, PersonalValue>>
}

/** The head of a chain: all that is needed to append to it. */
export interface ChainHead {
  readonly seq: number
  readonly digest: string
}

/** Gives a fresh random salt at each call: at least 16 bytes, lower-case hex. Randomness comes in as an argument. */
export type Salts = () => string

/** What a public receipt shows of an event: enough to recompute its digest, nothing about who and what. */
export type PublicEvent = Pick<SealedEvent, 'caseId' | 'seq' | 'type' | 'time' | 'standard' | 'content' | 'previous' | 'digest'>
