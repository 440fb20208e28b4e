import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { allowSha1, checkStatus } from '../src/index.js'
import type { CaseResult, Suite } from './suite.js'

/** A case of OpenSSL's OCSP tests, in the notation of the vectors' `openssl-ocsp.json`. */
interface OcspCase {
  readonly name: string
  readonly root: string
  readonly cert: string
  readonly other_certs?: readonly string[]
  /** Files with base64, for one certificate of the path each. */
  readonly ocsps: readonly string[]
  readonly moment: string
  readonly error?: unknown
}

/** The certificates and answers are of 2012 and signed over SHA-1. A case with one answer is about the certificate alone, one with two about its issuer too. */
export const opensslOcsp: Suite = {
  name: 'OpenSSL OCSP',
  folder: 'openssl-ocsp',
  async run(folder) {
    const cases = JSON.parse(readFileSync(join(folder, 'openssl-ocsp.json'), 'utf8')) as readonly OcspCase[]
    const text = (file: string): string => readFileSync(join(folder, file), 'latin1')
    const results: CaseResult[] = []
    for (const item of cases) {
      const { status, reason } = await checkStatus(text(item.cert), {
        anchors: [text(item.root)], intermediates: (item.other_certs ?? []).map(text), ocsp: item.ocsps.map((file) => Buffer.from(text(file), 'base64')),
        at: new Date(item.moment), fetch: false, allow: [allowSha1], checkIssuers: item.ocsps.length > 1,
      })
      results.push({ id: item.name, expected: item.error === undefined ? 'good' : 'refused', outcome: reason === undefined ? status : `${status} ${reason}` })
    }
    return results
  },
}
