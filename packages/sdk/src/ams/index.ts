export { createAssistedAms, type AssistedAmsOptions, type AssistedAnswer } from './assisted.js'
export { createHttpAms, type HttpAmsOptions } from './http.js'
export { describeDecision, describeFiling, type AssistedStep, type AssistedTask } from './instructions.js'
export type {
  AmsActor, AmsCall, AmsCause, AmsCertificate, AmsCertificateAddress, AmsCertificateQuery, AmsCertificateStatus, AmsDecision, AmsFiling, AmsLetter,
  AmsOutcome, AmsPort, AmsReading, AmsRevocation, AmsRevocationQuery, AmsRevocationStatus, AmsWrite,
} from './port.js'
export { assumedAmsProfile, type AmsProfile } from './profile.js'
export {
  allowPlainHttp, basic, bearer, splpApiKey, splpAuthorization, type Credential, type CredentialHolder, type TransportAllowance,
} from '../transport/index.js'
