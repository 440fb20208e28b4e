import type { CabutError } from '@cabut/sdk'
import type { LetterIdentity } from '../letter/identity.js'
import type { Disposition, Json, OutgoingLetter } from '../letter/letter.js'

/** A file that came with a letter. The name is what it was called on arrival: shown to people, never used as an identity or a path. */
export interface ArrivedFile {
  readonly name: string
  readonly bytes: Uint8Array
  /** Lower-case hex. */
  readonly sha256: string
}

/**
 * One letter taken from a transport. It is ours alone until it is settled by exactly one of the three calls; a process that dies
 * leaves it to be fetched again.
 */
export interface Delivery {
  /** Names this arrival in logs. */
  readonly id: string
  /** What the row was called on arrival. */
  readonly name: string
  /** The row as it came; `undefined` with a `problem`. */
  readonly row: unknown
  /** The letter's PDF; a row that only brings news of a known letter has none. */
  readonly pdf?: ArrivedFile
  /** Why the transport cannot hand the letter over whole. Reject it with this. */
  readonly problem?: CabutError
  /** It was taken over; `result` is kept beside it. @throws CabutError `letterClaimLost` */
  accept(result: Json): Promise<void>
  /** It is kept apart with the reason, for a person to mend. @throws CabutError `letterClaimLost` */
  reject(reason: CabutError): Promise<void>
  /** It goes back to be fetched again, such as after a failure of the desk that may pass. */
  release(): Promise<void>
}

/** A file to be sent with a letter. */
export interface SendingFile {
  /** A bare file name. */
  readonly name: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/** What to send. */
export interface Sending {
  /** Names this sending once and for all: sending again with the same key sends nothing. 1-100 of `A-Z a-z 0-9 . _ -`, no leading dot. */
  readonly key: string
  readonly letter: OutgoingLetter
  readonly files: readonly SendingFile[]
}

/** Where a sent letter is, as far as the transport can know. `waiting`: for a person or for the other side. */
export interface SendingStatus {
  readonly state: 'unknown' | 'waiting' | 'sent' | 'refused'
  /** The number it got at signing, where the transport learns of it. */
  readonly nomor?: string
  /** The other side's reference. */
  readonly reference?: string
}

/** What sending a letter did. */
export interface Sent extends SendingStatus {
  /** `true`: this key was sent before; nothing was done. */
  readonly repeated: boolean
  /** The files that went out under this key: those given now, or those of the first time. */
  readonly files: readonly SendingFile[]
}

/**
 * How letters come and go. Four verbs; no user interface is ever driven and no user's password stored.
 * Every call may be repeated: `fetchNew` hands out what is not settled, `send` and `dispose` act once per key.
 */
export interface LetterTransport {
  /** Takes up to `limit` letters, in the order of their names (folder) or of the service's list. @default 20 */
  fetchNew(options?: { readonly limit?: number }): Promise<readonly Delivery[]>
  send(sending: Sending): Promise<Sent>
  /** Passes a disposition on to Srikandi. */
  dispose(key: string, identity: LetterIdentity, disposition: Disposition): Promise<{ readonly repeated: boolean }>
  /** What became of a sending. */
  status(key: string): Promise<SendingStatus>
}
