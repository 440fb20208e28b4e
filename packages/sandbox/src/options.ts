import type { WebhookTarget } from './ams/webhooks.js'
import type { FaultSetting } from './fault/rules.js'
import type { ReasonRow, RevocationRecord, SandboxUser } from './state.js'

/** What BSrE does with a record that reached it. */
export type BsreDecision = { readonly decision: 'APPROVE' } | { readonly decision: 'REFUSE'; readonly message: string }

/** Settings of a sandbox; all optional. Durations in milliseconds. */
export interface SandboxOptions {
  /** Everything drawn by chance (faults) repeats under one seed. @default a random seed, printed by the server */
  readonly seed?: string | number
  /** @default Date.now */
  readonly now?: () => number | Date
  /** Where URLs inside certificates point. @default http://sandbox.cabut.invalid (never resolves: use `sandbox.fetch`) */
  readonly baseUrl?: string
  /** `default` is a moderate seeded mixture, so that lazy clients break early. @default 'default' */
  readonly faults?: FaultSetting
  /** How long an answer that never comes is held before the connection is reset. @default 5000 */
  readonly hang?: number
  readonly bsre?: {
    /** `auto` approves, `manual` waits for `manage.approve`/`manage.refuse`, a function decides by rule. @default 'auto' */
    readonly decide?: 'auto' | 'manual' | ((record: Readonly<RevocationRecord>) => BsreDecision | undefined)
    /** Time between arrival at BSrE and its decision. @default 0 (on the next request) */
    readonly delay?: number
  }
  readonly publication?: {
    /** Between BSrE's approval and the CRL or OCSP answer that shows it; `manual` waits for `manage.publish()`. @default 1000 */
    readonly delay?: number | 'manual'
    /** CRL validity; `null` omits nextUpdate. @default 86_400_000 */
    readonly crlValidity?: number | null
    /** OCSP validity; `null` omits nextUpdate, as observed of BSrE's responder. @default null */
    readonly ocspValidity?: number | null
  }
  /** Where AMS sends webhooks about its records (ASSUMED). @default none are sent */
  readonly webhook?: WebhookTarget
  /** `false`: the AMS ignores Idempotency-Key. @default true */
  readonly idempotency?: boolean
  /** `false`: the AMS accepts a second filing for a certificate that already has one, and BSrE revokes twice. @default true */
  readonly pendingCheck?: boolean
  /** `strict` refuses reasons that are not on the list, `lenient` keeps them raw. @default 'lenient' */
  readonly reasons?: 'lenient' | 'strict'
  readonly reasonList?: { readonly version: string; readonly items: readonly ReasonRow[] }
  /** Invented people. @default `DEFAULT_USERS` */
  readonly users?: readonly SandboxUser[]
  /** Lifetime of user tokens. @default 43_200_000 (12 h) */
  readonly tokenLifetime?: number
  /** RSA modulus of every key. The real CA uses 4096; 2048 starts in a fraction of a second. @default 2048 */
  readonly keyBits?: 2048 | 3072 | 4096
  /**
   * Reuses this process's CA keys instead of generating new ones: starts in some 20 ms. All such sandboxes trust each other, so leave it
   * off where a test needs a foreign root. @default false
   */
  readonly reuseKeys?: boolean
  /** A directory that keeps test CA keys and state (files of mode 0600). @default none: nothing is kept */
  readonly dataDir?: string
  /** Permits NODE_ENV=production. @default false */
  readonly allowProduction?: boolean
}

/** Refuses to run where somebody could take it for the real thing. */
export function refuseProduction(allow: boolean | undefined): void {
  if (process.env['NODE_ENV'] === 'production' && allow !== true) {
    throw new Error('the Cabut sandbox refuses to run with NODE_ENV=production (option allowProduction)')
  }
}

/** Checks option values at construction. Throws `TypeError`. */
export function checkOptions(options: SandboxOptions): void {
  const durations: [string, number | string | null | undefined][] = [
    ['hang', options.hang],
    ['tokenLifetime', options.tokenLifetime],
    ['bsre.delay', options.bsre?.delay],
    ['publication.delay', options.publication?.delay],
    ['publication.crlValidity', options.publication?.crlValidity],
    ['publication.ocspValidity', options.publication?.ocspValidity],
  ]
  for (const [name, value] of durations) {
    if (value === undefined || value === null || (name === 'publication.delay' && value === 'manual')) continue
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) throw new TypeError(`${name}: milliseconds >= 0 expected`)
  }
  if (options.baseUrl !== undefined && !/^https?:\/\/[^/?#]+(\/[^?#]*[^/?#])?$/.test(options.baseUrl)) {
    throw new TypeError('baseUrl: http(s) URL without trailing slash, query or fragment expected')
  }
}
