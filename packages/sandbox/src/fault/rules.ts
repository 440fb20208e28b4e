import type { RevocationReason } from '../authority/crl.js'

/**
 * One fault. `on` names endpoints (`ams.fileRevocation`, `ca.crl`, `esign.*`, `*`), `probability` 0..1 (default 1), `times` how often at
 * most (default without end), `after` how many matching requests pass untouched first (default 0).
 *
 * | kind | what happens | committed? |
 * |---|---|---|
 * | `latency` | the answer takes `ms` (a number or a range) | yes |
 * | `reset` / `resetAfterCommit` | the connection is reset | no / yes |
 * | `timeout` / `timeoutAfterCommit` | no answer ever | no / yes |
 * | `status` | HTTP `status` (default 503) with a text body | as `commit` says, default no |
 * | `refuse` | HTTP 200 with `success: false` | no |
 * | `html` | an HTML page, HTTP `status` (default 200) | as `commit`, default no |
 * | `throttle` | 429 with Retry-After (`seconds`, default 1) | no |
 * | `empty` / `invalidJson` / `truncate` | nothing, broken JSON, half a body | as `commit`, default yes |
 * | `redirect` | 302 to another host | no |
 * | `notPublished` | BSrE approves, the CA never publishes it | yes |
 * | `wrongCertificate` | BSrE approves, the CA revokes another certificate | yes |
 * | `reasonChanged` | the CRL names another reason (`to`, default `unspecified`) | yes |
 * | `staleOcsp` / `staleCrl` | authentic but old by `age` ms (default 48 h) | - |
 * | `crlRollback` | the CRL before the current one | - |
 * | `unrevoke` | the newest listed serial leaves the CRL and OCSP | - |
 * | `clockSkew` | AMS's times are off by `ms` | - |
 * | `webhookTwice` / `webhookLate` / `webhookLost` | sent again / only after the next one / never | - |
 */
export type FaultRule = FaultScope &
  (
    | { readonly kind: 'latency'; readonly ms: number | readonly [number, number] }
    | { readonly kind: 'reset' | 'resetAfterCommit' | 'timeout' | 'timeoutAfterCommit' }
    | { readonly kind: 'status'; readonly status?: number; readonly commit?: boolean }
    | { readonly kind: 'refuse'; readonly code?: string; readonly message?: string }
    | { readonly kind: 'html'; readonly status?: number; readonly commit?: boolean }
    | { readonly kind: 'throttle'; readonly seconds?: number }
    | { readonly kind: 'empty' | 'invalidJson' | 'truncate'; readonly commit?: boolean }
    | { readonly kind: 'redirect'; readonly to?: string }
    | { readonly kind: 'notPublished' | 'wrongCertificate' | 'crlRollback' | 'unrevoke' | 'webhookTwice' | 'webhookLate' | 'webhookLost' }
    | { readonly kind: 'reasonChanged'; readonly to?: RevocationReason }
    | { readonly kind: 'staleOcsp' | 'staleCrl'; readonly age?: number }
    | { readonly kind: 'clockSkew'; readonly ms: number }
  )

/** The name of a fault the sandbox can have. */
export type FaultKind = FaultRule['kind']

/** The rule of one kind. */
export type FaultOf<K extends FaultKind> = FaultRule extends infer R
  ? R extends { readonly kind: infer Kinds }
    ? K extends Kinds
      ? R
      : never
    : never
  : never

interface FaultScope {
  readonly on?: string | readonly string[]
  readonly probability?: number
  readonly times?: number
  readonly after?: number
}

/** `default` (a moderate mixture), `none`, or one's own rules. */
export type FaultSetting = 'default' | 'none' | readonly FaultRule[]

/** Kinds that act inside the authority or AMS, with the endpoint where the chance is drawn. */
export const DOMAIN_KINDS: Readonly<Partial<Record<FaultKind, string>>> = {
  notPublished: 'bsre.approve',
  wrongCertificate: 'bsre.approve',
  reasonChanged: 'bsre.approve',
  staleOcsp: 'ca.ocsp',
  staleCrl: 'ca.crl',
  crlRollback: 'ca.crl',
  unrevoke: 'ca.crl',
  clockSkew: 'ams.clock',
  webhookTwice: 'ams.webhook',
  webhookLate: 'ams.webhook',
  webhookLost: 'ams.webhook',
}

const KINDS: ReadonlySet<string> = new Set<FaultKind>([
  'latency',
  'reset',
  'resetAfterCommit',
  'timeout',
  'timeoutAfterCommit',
  'status',
  'refuse',
  'html',
  'throttle',
  'empty',
  'invalidJson',
  'truncate',
  'redirect',
  'notPublished',
  'wrongCertificate',
  'reasonChanged',
  'staleOcsp',
  'staleCrl',
  'crlRollback',
  'unrevoke',
  'clockSkew',
  'webhookTwice',
  'webhookLate',
  'webhookLost',
])

/**
 * The default mixture: everything a careful client overcomes by itself. Lasting lies (not published, wrong certificate, un-revocation)
 * and refusals end a case, so they are switched on by name only.
 */
const DEFAULT_RULES: readonly FaultRule[] = [
  { kind: 'latency', on: '*', probability: 0.2, ms: [1, 25] },
  { kind: 'timeoutAfterCommit', on: ['ams.fileRevocation', 'ams.decideRevocation'], probability: 0.05 },
  { kind: 'resetAfterCommit', on: ['ams.fileRevocation', 'ams.decideRevocation', 'ams.uploadLetter'], probability: 0.03 },
  { kind: 'reset', on: ['ams.*', 'ca.crl', 'ca.ocsp', 'esign.*'], probability: 0.02 },
  { kind: 'status', on: ['ams.*', 'esign.*', 'ca.*'], probability: 0.03, status: 503 },
  { kind: 'status', on: ['ams.fileRevocation', 'ams.decideRevocation'], probability: 0.02, status: 502, commit: true },
  { kind: 'html', on: ['ams.*', 'esign.*'], probability: 0.01 },
  { kind: 'throttle', on: 'ams.*', probability: 0.01, seconds: 1 },
  { kind: 'empty', on: 'ams.*', probability: 0.01 },
  { kind: 'invalidJson', on: ['ams.*', 'esign.*'], probability: 0.01 },
  { kind: 'truncate', on: ['ca.crl', 'ams.*'], probability: 0.01 },
  { kind: 'staleOcsp', probability: 0.03 },
]

export function rulesOf(setting: FaultSetting | undefined): readonly FaultRule[] {
  if (setting === undefined || setting === 'default') return DEFAULT_RULES
  if (setting === 'none') return []
  for (const rule of setting) {
    if (!KINDS.has(rule.kind)) throw new TypeError(`unknown fault kind ${rule.kind as string}`)
    const { probability = 1, times = 1, after = 0 } = rule
    if (!(probability >= 0 && probability <= 1)) throw new TypeError(`fault ${rule.kind}: probability between 0 and 1 expected`)
    if (!(times >= 0) || !(after >= 0)) throw new TypeError(`fault ${rule.kind}: times and after must be >= 0`)
  }
  return setting
}

/** Whether a rule speaks about an endpoint. `x.*` covers everything under `x.`; management is never faulty. */
export function matches(rule: FaultRule, endpoint: string): boolean {
  const home = DOMAIN_KINDS[rule.kind]
  if (home !== undefined) return endpoint === home
  if (endpoint === 'bsre.approve' || endpoint === 'ams.clock' || endpoint === 'manage') return false
  const patterns = rule.on === undefined ? ['*'] : typeof rule.on === 'string' ? [rule.on] : rule.on
  return patterns.some(
    (pattern) => pattern === '*' || pattern === endpoint || (pattern.endsWith('.*') && endpoint.startsWith(pattern.slice(0, -1))),
  )
}
