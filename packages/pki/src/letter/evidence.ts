import type { Certificate } from '../certificate/index.js'
import { readCrl, type Crl } from '../crl/index.js'
import { contextTag, DerReader, Tag } from '../der/index.js'
import { readOcspResponse, type OcspResponse } from '../ocsp/index.js'
import { problemOf } from './byterange.js'
import { CmsOid, type SignedData } from './cms.js'
import type { PdfDocument } from './pdf/document.js'
import { isKind } from './pdf/value.js'
import type { LetterProblem } from './report.js'
import { readAlong } from './signer.js'

const maxItems = 500

/** Certificates and revocation data, read once. What cannot be read becomes a problem: one bad piece must not hide a good one. */
export class EvidenceBag {
  readonly certificates: Certificate[] = []
  readonly crls: Crl[] = []
  readonly ocsp: OcspResponse[] = []
  readonly problems: LetterProblem[] = []

  addCertificates(list: readonly Uint8Array[]): void {
    this.certificates.push(...readAlong(list.slice(0, Math.max(0, maxItems - this.certificates.length)), this.problems))
  }

  addCrl(input: Uint8Array | string | Crl): void {
    this.#add(() => this.crls.length < maxItems && this.crls.push(typeof input === 'string' || input instanceof Uint8Array ? readCrl(input) : input))
  }

  addOcsp(input: Uint8Array | string | OcspResponse): void {
    this.#add(() => this.ocsp.length < maxItems && this.ocsp.push(typeof input === 'string' || input instanceof Uint8Array ? readOcspResponse(input) : input))
  }

  /** What came along in a message: certificates, CRLs, OCSP answers, and Adobe's revocation archive (ISO 32000-2 section 12.8.3.3.2). */
  addMessage(message: SignedData): void {
    this.addCertificates(message.certificates)
    for (const crl of message.crls) this.addCrl(crl)
    for (const answer of message.ocsp) this.addOcsp(answer)
    for (const signer of message.signers) {
      for (const value of signer.signed.get(CmsOid.adobeRevocation)?.values ?? []) this.#add(() => this.#addArchive(value))
    }
  }

  /** The document security store (ETSI EN 319 142-1 section 5.4.2). */
  addStore(document: PdfDocument): void {
    this.#add(() => {
      const store = document.dictionary(document.catalog().entries.get('DSS'))?.entries
      const streams = (key: string): Uint8Array[] => {
        const found: Uint8Array[] = []
        for (const item of document.items(store?.get(key)).slice(0, maxItems)) {
          this.#add(() => {
            const stream = document.resolve(item)
            if (isKind(stream, 'stream')) found.push(document.decode(stream))
          })
        }
        return found
      }
      this.addCertificates(streams('Certs'))
      for (const crl of streams('CRLs')) this.addCrl(crl)
      for (const answer of streams('OCSPs')) this.addOcsp(answer)
    })
  }

  /** RevocationInfoArchival. */
  #addArchive(value: Uint8Array): void {
    const outer = new DerReader(value)
    const archive = outer.enter(Tag.sequence)
    outer.finish()
    for (const [number, add] of [[0, (der: Uint8Array) => this.addCrl(der)], [1, (der: Uint8Array) => this.addOcsp(der)]] as const) {
      const explicit = archive.enterOptional(contextTag(number, true))
      if (explicit === undefined) continue
      const list = explicit.enter(Tag.sequence)
      while (!list.done) add(list.element())
    }
  }

  #add(work: () => unknown): void {
    try {
      work()
    } catch (error) {
      this.problems.push(problemOf(error, 'evidenceMalformed'))
    }
  }
}
