import type { ComplaintDesk } from '@cabut/sdk/complaint'
import type { Desk } from '@cabut/sdk/desk'
import type { EmbedTokens } from '../identity/embed.js'
import type { MultipartLimits } from '../upload/multipart.js'
import type { Language } from '../problem/language.js'
import type { Lookout } from '../route/lookout.js'

/** One look or act, for the audit trail (PP 71/2019 art. 22). Holds no personal value. */
export interface AuditEntry {
  /** ISO 8601 UTC. */
  readonly at: string
  readonly operation: string
  /** Opaque id and role of the person; absent where no token was verified. */
  readonly person?: string
  readonly role?: string
  readonly opd?: string
  /** Issuer that vouches for the person; `asserted by portal X` where the portal's own session does. */
  readonly vouchedBy?: string
  readonly requestId?: string
  /** HTTP status of the answer. */
  readonly status: number
  /** Code of the problem, where there was one. */
  readonly code?: string
}

/** What every route works with; made once from the options. */
export interface Service {
  readonly desk: Desk
  readonly complaints: ComplaintDesk
  /** Makes the keys of anonymous complaints. */
  readonly anonymousSecret: string
  readonly serviceId: string
  readonly limits: MultipartLimits
  readonly now: () => Date
  /** Base of the addresses in Location headers. */
  readonly basePath: string
  /** Live streams open now; bounded. */
  readonly streams: { open: number; readonly limit: number; readonly lifetime: number; readonly heartbeat: number }
  /** Looks at the requests that live streams follow. */
  readonly lookout: Lookout
  /** Absent: no embed tokens. */
  readonly embed: EmbedTokens | undefined
  readonly ready: () => Promise<boolean>
  readonly openapi: Readonly<Record<string, unknown>>
  readonly publicLanguage: Language
}
