import { readCrl, type Crl, type StreamedCrl } from '../crl/index.js'
import { PkiError } from '../errors.js'
import { readOcspResponse, type OcspResponse } from '../ocsp/index.js'
import type { StatusOptions, StatusProblem } from './options.js'

/** One piece of evidence and where it came from. */
export interface Item<T> {
  readonly value: T
  readonly origin?: string
  /** The nonce that was sent for it. */
  readonly nonce?: Uint8Array
}

/** All evidence at hand, read once. What cannot be read becomes a problem, not an exception: one bad file must not hide a good one. */
export class EvidencePool {
  readonly crls: Item<Crl | StreamedCrl>[] = []
  readonly ocsp: Item<OcspResponse>[] = []
  readonly problems: StatusProblem[] = []

  constructor(options: Pick<StatusOptions, 'crls' | 'ocsp'>) {
    for (const input of options.crls ?? []) this.addCrl(input)
    for (const input of options.ocsp ?? []) this.addOcsp(input)
  }

  addCrl(input: Uint8Array | string | Crl | StreamedCrl, origin?: string): void {
    this.#add(() => this.crls.push({ value: isOctets(input) ? readCrl(input) : input, ...(origin !== undefined && { origin }) }), 'crl', origin)
  }

  addOcsp(input: Uint8Array | string | OcspResponse, origin?: string, nonce?: Uint8Array): void {
    this.#add(() => this.ocsp.push({ value: isOctets(input) ? readOcspResponse(input) : input, ...(origin !== undefined && { origin }), ...(nonce && { nonce }) }), 'ocsp', origin)
  }

  #add(read: () => void, kind: string, origin: string | undefined): void {
    try {
      read()
    } catch (error) {
      if (!(error instanceof PkiError)) throw error
      const place = error.offset === undefined ? '' : ` at ${error.offset}`
      this.problems.push({ reason: 'malformed', detail: `${kind}: ${error.code}${place}`, ...(origin !== undefined && { url: origin }) })
    }
  }
}

function isOctets(input: unknown): input is Uint8Array | string {
  return typeof input === 'string' || input instanceof Uint8Array
}
