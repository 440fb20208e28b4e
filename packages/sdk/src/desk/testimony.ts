import type { Certificate } from '@cabut/pki/certificate'
import { createEvidenceFetcher, type EvidenceFetcher, type Judgement, type StatusVerdict } from '@cabut/pki/status'
import { collectBySerial, type SerialStatus } from '../proof/index.js'
import type { CaseState } from '../workflow/index.js'
import { collect, type Office } from './office.js'

/** What the signed evidence at hand says about the certificate of a request, whether that certificate is at hand or told by issuer and serial. */
export interface Testimony {
  readonly said: StatusVerdict | SerialStatus
  readonly evidence: readonly Judgement[]
  readonly serial: string
  /** From the issuing authority to the anchor. */
  readonly issuers: readonly Certificate[]
}

/** Evidence handed in: then nothing is fetched unless the desk was told how. */
export interface EvidenceFiles {
  readonly crls?: readonly Uint8Array[]
  readonly ocsp?: readonly Uint8Array[]
}

/** Collects evidence for a request. `undefined`: neither certificate nor issuer and serial are known. */
export async function testify(office: Office, state: CaseState, files?: EvidenceFiles): Promise<Testimony | undefined> {
  const certificate = await certificateOf(office, state)
  if (certificate !== undefined) {
    const said = await collect(office, certificate, files === undefined ? {} : { fetch: office.fetch ?? false, ...files })
    return { said, evidence: said.evidence, serial: said.certificate.serial, issuers: said.chain.slice(1) }
  }
  const { issuerDn, serial } = state.certificate
  if (issuerDn === undefined || serial === undefined) return undefined
  const fetcher = files === undefined || office.fetch !== undefined ? fetcherOf(office) : undefined
  const said = await collectBySerial({ issuerDn, serial }, {
    anchors: office.anchors, intermediates: [...office.intermediates, ...office.learned], at: new Date(office.now()),
    ...files, crlUrls: office.options.crlUrls ?? [], ...(fetcher === undefined ? {} : { fetcher }),
  })
  return { said, evidence: said.evidence, serial, issuers: said.issuers }
}

export async function certificateOf(office: Office, state: CaseState): Promise<Uint8Array | undefined> {
  const { sha256 } = state.certificate
  return sha256 === undefined ? undefined : (await office.store.evidence('all', sha256))?.bytes
}

const made = new WeakMap<Office, EvidenceFetcher>()

/** One fetcher a desk, for its cache. `undefined`: the desk stays offline. */
function fetcherOf(office: Office): EvidenceFetcher | undefined {
  const { fetch } = office
  if (fetch === false) return undefined
  if (typeof fetch === 'object') return fetch
  const known = made.get(office) ?? createEvidenceFetcher(fetch === undefined ? {} : { fetch })
  made.set(office, known)
  return known
}
