import type { Transport } from './transport.js'

/** In browsers nothing is fetched unless the caller injects `fetch`: other origins rarely allow it, and addresses cannot be checked. */
export const defaultTransport: Transport | undefined = undefined
