export { electronicPhrases } from './electronic-phrases.js'
export { amsLetterLimit, checkLetter, checkPdf, deskLetterLimit, type Letter } from './letter.js'
export { readCertificateReference, type CertificateInput, type CertificateReference } from './certificate-reference.js'
export {
  checkDate, checkEmail, checkLetterNumber, checkNik, checkNip, checkNiPppk, officialDomains,
  type Checked, type Nik, type Nip, type NiPppk, type OfficialEmail,
} from './identifier.js'
export { readSerial, type SerialReading } from './serial.js'
export { personalFields, type Holder, type Party } from './party.js'
export { protectPersonal, withheld } from './personal.js'
export { adviceFor, findReason, reasonCatalogue, type Reason, type ReasonCatalogue } from './reason.js'
export { readRequest, type ReadRequestOptions } from './read-request.js'
export type { PartyInput, RequestInput, RevocationRequest } from './revocation-request.js'
export { InvalidInputError, issueTable, type Issue, type IssueCode } from '../issues.js'
