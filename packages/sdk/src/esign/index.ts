export { allowIdentityInUrl, createEsign, type EsignOptions } from './client.js'
export type {
  EsignCall, EsignCause, EsignCertificateDetail, EsignPort, EsignReading, EsignSignature, EsignSubject, EsignUser, EsignUserStatus, EsignVerification,
} from './port.js'
export { opinionOn, type EsignOpinion } from './verification.js'
export { allowPlainHttp, basic, type Credential } from '../transport/index.js'
