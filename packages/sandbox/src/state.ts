import type { PublicationState } from './authority/publication.js'
import type { RevocationReason } from './authority/crl.js'

/** Roles of AMS this sandbox knows. */
export type Role = 'Pengguna' | 'Verifikator' | 'RA' | 'BSrE'

/** An invented person with one role. */
export interface SandboxUser {
  readonly username: string
  /** Full name, also the default CN of certificates. */
  readonly name: string
  readonly role: Role
  /** The agency (instansi). Verifikator and RA see only their own agency's certificates. */
  readonly agency: string
  /** For the e-Sign user status only. Sixteen digits starting 9999: no real region has that code. */
  readonly nik?: string
  readonly email?: string
}

/** A certificate as AMS keeps it. Times in milliseconds since 1970. */
export interface CertificateRecord {
  readonly id: string
  readonly username: string
  readonly agency: string
  readonly serial: string
  readonly subjectDn: string
  readonly subjectKey: string
  readonly notBefore: number
  readonly notAfter: number
  /** PEM. */
  readonly pem: string
  readonly privateKeyPem: string
  /** What AMS says, apart from expiry: `active`, `revoked`, `held`. */
  status: 'active' | 'revoked' | 'held'
}

export interface LetterRecord {
  readonly letterId: string
  readonly sha256: string
  readonly size: number
  readonly owner: string
}

/** Where a revocation stands in the sandbox's AMS. **ASSUMED**, after the menus its changelog names. */
export type RevocationStatus = 'WAITING_VERIFICATION' | 'WAITING_BSRE' | 'REVOKED' | 'RETURNED' | 'REFUSED'

export interface Person {
  readonly username: string
  readonly role: Role
}

/** A revocation as the sandbox's AMS keeps it. **ASSUMED**: AMS publishes no interface. */
export interface RevocationRecord {
  readonly id: string
  readonly certificateId: string
  readonly username: string
  readonly agency: string
  readonly reason: string
  readonly note?: string
  readonly letterIds: readonly string[]
  readonly idempotencyKey?: string
  readonly filedBy: Person
  readonly filedAt: number
  status: RevocationStatus
  /** When the record reached BSrE. */
  atBsreSince?: number
  decidedBy?: Person
  decidedAt?: number
  revokedAt?: number
  refusal?: { by: 'AGENCY' | 'BSRE'; message: string }
  readonly history: { at: number; event: string; by: Person; note?: string }[]
}

/** One line of the append-only log. */
export interface LogEntry {
  readonly seq: number
  /** ISO 8601, UTC. */
  readonly at: string
  readonly type: LogType
  readonly serial?: string
  readonly revocation?: string
  readonly by?: string
  readonly data?: Readonly<Record<string, unknown>>
}

/** What the sandbox's log can tell. */
export type LogType =
  | 'CERTIFICATE_ISSUED'
  | 'LETTER_STORED'
  | 'REVOCATION_FILED'
  | 'REVOCATION_DECIDED'
  | 'BSRE_REFUSED'
  | 'CERTIFICATE_REVOKED'
  | 'CERTIFICATE_HELD'
  | 'CERTIFICATE_RELEASED'
  | 'CRL_PUBLISHED'
  | 'FAULT'

export interface TokenRecord {
  readonly username: string
  readonly role: Role
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/** Everything that survives a restart. Plain JSON. */
export interface SandboxState {
  version: 1
  counters: Record<string, number>
  certificates: CertificateRecord[]
  letters: LetterRecord[]
  revocations: RevocationRecord[]
  /** Remembered answers of idempotent writes: fingerprint of the body and what it made. */
  answered: Record<string, { fingerprint: string; revocation: string }>
  tokens: Record<string, TokenRecord>
  publication: PublicationState
  log: LogEntry[]
  /** State of the further peers, each under its own name. */
  peers: Record<string, unknown>
}

export function emptyState(): SandboxState {
  return {
    version: 1,
    counters: {},
    certificates: [],
    letters: [],
    revocations: [],
    answered: {},
    tokens: {},
    publication: { records: {}, number: 0, crls: [] },
    log: [],
    peers: {},
  }
}

/** How AMS's reason values map to RFC 5280, with AMS-like labels. Ours: the real list is not public. */
export interface ReasonRow {
  readonly code: string
  readonly label: string
  readonly rfc5280: RevocationReason
}
