import type { AmsOutcome, AmsPort, AmsReading } from '@cabut/sdk/ams'
import type { Authority, Leaf } from './authority.js'

/** What happens to a call on its way: before CFSSL hears it, or after CFSSL did it. */
export type Mishap = 'lostBefore' | 'lostAfter' | undefined

/**
 * CFSSL's `revoke` behind the AMS port. It has no idempotency keys, nothing to read a revocation back from, and it does what it is told again: a second
 * call overwrites reason and time. So the port says `honoursIdempotencyKey: false, readsBack: false`, and only a proof shows the effect.
 */
export function createCfsslAms(authority: Authority, leaves: ReadonlyMap<string, Leaf>, mishap: (serial: string) => Mishap = () => undefined): AmsPort {
  const unread = async (): Promise<AmsReading<never>> => ({ outcome: 'unavailable', cause: { code: 'amsNoReadBack', detail: 'CFSSL has no such reading' } })
  return {
    kind: 'cfssl', honoursIdempotencyKey: false, readsBack: false, letterLimit: 1_048_576,
    async fileRevocation(filing, write): Promise<AmsOutcome> {
      const leaf = leaves.get(filing.certificate.serial)
      if (leaf === undefined) return { outcome: 'refused', code: 'UNKNOWN', message: 'no such certificate', httpStatus: 400 }
      const fate = mishap(filing.certificate.serial)
      if (fate === 'lostBefore') return { outcome: 'unknown', cause: { code: 'amsUnavailable', detail: 'no answer' } }
      let answer: Response
      try {
        answer = await fetch(`${authority.api}/revoke`, {
          method: 'POST', body: JSON.stringify({ serial: leaf.serial, authority_key_id: leaf.aki, reason: filing.reason === 'mutasi' ? 'affiliationchanged' : 'unspecified' }),
        })
      } catch {
        return { outcome: 'unknown', cause: { code: 'amsUnavailable', detail: 'no connection, or it broke' } }
      }
      const said = await answer.json() as { success: boolean; errors: readonly { message: string }[] }
      if (fate === 'lostAfter') return { outcome: 'unknown', cause: { code: 'amsUnavailable', detail: 'no answer' } }
      if (!said.success) return { outcome: 'refused', code: 'CFSSL', message: said.errors[0]?.message ?? '', httpStatus: answer.status }
      return {
        outcome: 'accepted', replayed: false,
        revocation: {
          id: `${leaf.aki}-${leaf.serial}`, certificate: filing.certificate, username: filing.username, reason: filing.reason, status: 'revoked', rawStatus: 'revoked',
          revokedAt: new Date(), letters: [], idempotencyKey: write.idempotencyKey,
        },
      }
    },
    findCertificate: unread, readRevocation: unread, findRevocations: unread,
  }
}
