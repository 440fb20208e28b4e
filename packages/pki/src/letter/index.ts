export { inspectLetter } from './inspect.js'
export { documentSigningPurposes, type LetterOptions } from './options.js'
export { authorisationObjections, judgeAuthorisation, type Authorisation, type AuthorisationObjection } from './authorisation.js'
export {
  letterProblemTitles, type Afterwards, type DocumentTimestamp, type LaterChange, type LaterChangeCode, type LetterLevel, type LetterProblem, type LetterProblemCode, type LetterReport,
  type LetterSignature, type LetterSigner, type ProvenTime, type SigningTime, type Standing,
} from './report.js'
