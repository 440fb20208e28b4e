export { buildOcspRequest, ocspGetUrl, ocspRequestType, ocspResponseType, type OcspRequestInput } from './request.js'
export { maxOcspBytes, readOcspResponse, type BasicOcspResponse, type OcspResponse, type OcspStatus, type ResponderId, type SingleResponse } from './response.js'
export { type CertIdHash } from './certid.js'
export { judgeOcsp, type JudgeOcspOptions } from './judge.js'
