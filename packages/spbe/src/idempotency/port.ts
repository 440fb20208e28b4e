/** A finished answer, kept so that a repeated request gets the very same one. */
export interface StoredAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What is known of a key. */
export type IdempotencyClaim =
  /** Nobody used the key: go on, then `finish` or `release`. */
  | { readonly outcome: 'claimed' }
  /** Another request with the key is under way. */
  | { readonly outcome: 'inUse' }
  /** The key belongs to a request with another fingerprint. */
  | { readonly outcome: 'reused' }
  /** Done before: give this answer again. */
  | { readonly outcome: 'answered'; readonly answer: StoredAnswer }

/**
 * Where answers to `Idempotency-Key` are kept. A port: one process may use {@link createMemoryIdempotencyStore}; several need a shared table
 * whose `claim` is one atomic insert.
 */
export interface IdempotencyStore {
  /**
   * Claims a key for one request.
   *
   * @param key - scoped by person and issuer, so that nobody meets another person's answer
   * @param fingerprint - SHA-256 of method, path and body digest, lower-case hex
   */
  claim(key: string, fingerprint: string): Promise<IdempotencyClaim>
  /** Keeps the answer. Only answers below 500 are kept: a failure may be tried again under the same key. */
  finish(key: string, answer: StoredAnswer): Promise<void>
  /** Frees a claimed key after a failure. */
  release(key: string): Promise<void>
}
