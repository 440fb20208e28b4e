export { allowPlainHttp, readBaseUrl, type TransportAllowance } from './base-url.js'
export { parseJson } from './body.js'
export { basic, bearer, checkCredentials, credentialHeaders, splpApiKey, splpAuthorization, type Credential, type CredentialHolder } from './credential.js'
export { exchange, type Exchange, type ExchangeRequest } from './exchange.js'
