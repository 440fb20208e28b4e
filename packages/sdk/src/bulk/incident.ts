import { formatName } from '@cabut/pki/name'
import type { LetterReport } from '@cabut/pki/letter'
import type { Desk, RequestView } from '../desk/index.js'
import { lookAtRow } from './advance.js'
import type { RowVerdict } from './verdict.js'

/** A holder who needs a new certificate. Username, name and Subject DN are personal data. */
export interface HolderToReissue {
  readonly row: number
  readonly requestId: string
  readonly serial?: string
  readonly opd: string
  readonly username?: string
  readonly name?: string
  readonly subjectDn?: string
  /** Re-issue needs identity verification again once the old certificate is proven revoked. */
  readonly proven: boolean
}

/**
 * Holders of a compromised list, for re-issue: one for each row that was filed, proven or not, in the order of the list.
 *
 * @example
 * ```ts
 * const { plan, run } = await openList()
 * await all(executeList(plan(), run))
 * await untilEnded(plan, 5_000, run)
 * const holders = await all(holdersToReissue(plan(), run))
 * holders.map(({ row, username, proven }) => ({ row, username, proven })) // [{ row: 1, username: 'laras.kinanti', proven: true }, { row: 2, username: 'laras.kinanti', proven: true }]
 * ```
 */
export async function* holdersToReissue(plan: AsyncIterable<RowVerdict>, { desk, sha256 }: { readonly desk: Desk; readonly sha256: string }): AsyncGenerator<HolderToReissue> {
  for await (const verdict of plan) {
    const { requestId, outcome } = await lookAtRow(verdict, { desk, sha256 })
    if (requestId === undefined) continue
    const { state: { certificate: { serial }, parties, personal } } = await desk.get(requestId)
    const { username, holder: name, subjectDn } = personal
    yield {
      row: verdict.row, requestId, opd: parties.opdOrigin, proven: outcome === 'proven',
      ...(serial === undefined ? {} : { serial }), ...(username === undefined ? {} : { username }), ...(name === undefined ? {} : { name }), ...(subjectDn === undefined ? {} : { subjectDn }),
    }
  }
}

/** A letter the desk holds that a compromised key has signed, or may have. */
export interface DoubtfulLetter {
  readonly requestId: string
  readonly sha256: string
  readonly number?: string
  readonly serial: string
  /** The request that revokes the signer's certificate. */
  readonly revokedBy: string
  /**
   * Against the start of the invalidity date, by the timestamp token alone: the signer's own word moves nothing, since whoever holds the key
   * writes it too. `unproven`: no timestamp; it must be taken for later.
   */
  readonly when: 'after' | 'unproven'
  /** ISO UTC, of the timestamp token. */
  readonly provenAt?: string
}

/** Which letters are looked through for signatures by a key that leaked. */
export interface LetterSearch {
  readonly desk: Desk
  /** Reads the signatures of a PDF; `undefined` where it cannot be read. */
  readonly inspect: (pdf: Uint8Array) => Promise<Pick<LetterReport, 'signatures'> | undefined>
  /** Requests that belong to the incident. */
  readonly isIncident: (requestId: string) => boolean
  /** For requests that name no invalidity date. */
  readonly since?: Date
  readonly onLetter?: (seen: number) => void
}

/** Digests remembered, so that a letter that goes with ten thousand rows is read once. */
const remembered = 10_000

/**
 * Every letter known to the desk that a certificate of the incident signed after its invalidity date. Goes through all requests of the desk
 * page by page; a signer is looked up in the desk, so that memory grows neither with the desk nor with the incident. A letter that goes with many
 * requests is read once. Left out are broken signatures, and those a timestamp proves to be older than the invalidity date.
 *
 * @example
 * ```ts
 * const desk = openDesk()
 * const { id } = await desk.file({ certificate: certificate.der, reason: 'kunciBocor', invalidityDate: '2026-11-16', letters: [requestLetter], applicant })
 * const inspect = async () => signedBy(certificate) // stands for inspectLetter
 * const found = await all(lettersSignedSince({ desk, inspect, isIncident: (request) => request === id }))
 * found.map(({ number, serial, when }) => `${number} ${serial} ${when}`) // ['800/15/DINDIK 4d2a unproven']
 * ```
 */
export async function* lettersSignedSince({ desk, inspect, isIncident, since, onLetter }: LetterSearch): AsyncGenerator<DoubtfulLetter> {
  const seen = new Set<string>()
  let count = 0
  for await (const { id, state } of everyRequest(desk)) {
    for (const { sha256, number } of state.letters) {
      if (seen.has(sha256)) continue
      if (seen.size >= remembered) seen.delete(seen.values().next().value as string)
      seen.add(sha256)
      onLetter?.(count += 1)
      const report = await inspect((await desk.evidence(id, sha256)).bytes)
      for (const { certificate, integrity, when } of report?.signatures ?? []) {
        if (certificate === undefined || integrity === 'broken') continue
        const { serial } = certificate
        const requests = await desk.list({ serial, issuerDn: formatName(certificate.issuer), limit: 100 })
        const incident = requests.find((one) => isIncident(one.id))
        if (incident === undefined) continue
        const from = startOf(incident, since)
        const provenAt = when.proven?.time
        if (provenAt !== undefined && from !== undefined && provenAt < from) continue
        yield {
          requestId: id, sha256, serial, revokedBy: incident.id, when: provenAt === undefined ? 'unproven' : 'after',
          ...(number === undefined ? {} : { number }), ...(provenAt === undefined ? {} : { provenAt: provenAt.toISOString() }),
        }
      }
    }
  }
}

/** Start of the invalidity date in the easternmost zone of Indonesia (WIT): rather too early than too late. */
function startOf({ state }: RequestView, since: Date | undefined): Date | undefined {
  return state.invalidityDate === undefined ? since : new Date(Date.parse(`${state.invalidityDate.slice(0, 10)}T00:00:00.000Z`) - 9 * 3_600_000)
}

async function* everyRequest(desk: Desk): AsyncGenerator<RequestView> {
  let after: string | undefined
  for (;;) {
    const page = await desk.list({ limit: 100, ...(after === undefined ? {} : { after }) })
    yield* page
    after = page.at(-1)?.id
    if (page.length < 100 || after === undefined) return
  }
}
