import { checkStatus, formatName } from '@cabut/pki'
import { openOffice } from './office.js'

const { sandbox, anchors, intermediates, fetch, certificate, serial, close } = await openOffice()

// 1. Silence is never good: offline and without evidence the status is unknown.
const purposes = ['1.2.840.113583.1.1.5'] // the critical extended key usage every BSrE certificate carries
const silent = await checkStatus(certificate, { anchors, intermediates, purposes, fetch: false })
console.log(`offline: ${silent.status} (${silent.reason})`)

// 2. The CA's own OCSP answer or CRL says so: good. The authority above it is checked as well. The sandbox is faulty at times, so ask again.
const options = { anchors, intermediates, purposes, fetch }
let verdict = await checkStatus(certificate, options)
for (let tries = 1; verdict.status === 'unknown' && tries < 20; tries++) verdict = await checkStatus(certificate, options)
console.log(`before: ${verdict.status}, as of ${verdict.asOf?.toISOString()}, path of ${verdict.chain.length}`)

// 3. The CA revokes it and publishes: revoked, with date, reason and the digest of the bytes that prove it.
sandbox.manage.revokeAtAuthority(serial, 'keyCompromise')
sandbox.manage.publish()
verdict = await checkStatus(certificate, options)
for (let tries = 1; verdict.status !== 'revoked' && tries < 20; tries++) verdict = await checkStatus(certificate, options)
const [evidence] = verdict.evidence.filter((one) => one.verdict === 'revoked')
console.log(`after: ${verdict.status} (${verdict.revocation?.reason}), by ${evidence?.source} sha256 ${evidence?.sha256.slice(0, 16)}...`)
console.log(`holder: ${formatName(verdict.certificate.subject)}`)

await close()
if (silent.status !== 'unknown' || verdict.status !== 'revoked') process.exitCode = 1
