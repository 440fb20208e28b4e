import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { at, base, budi, Case, citra, findings, head, opd, pekalongan, purbalingga, t, verifying } from '../../test/case.js'
import { loadStandard } from '../standard/index.js'
import { allowedNow, compileRules, systemActor, type Actor, type Command, type NoticeSubject } from './index.js'

const invented = (id: string): typeof pekalongan => loadStandard(JSON.parse(readFileSync(new URL(`../../../../docs/standards/${id}.json`, import.meta.url), 'utf8')) as object)
const karsa = invented('kabupaten-tanjung-karsa')
const sagu = invented('kota-teluk-sagu')

const proof = { source: 'crl', sha256: 'e', certificate: { issuerDn: 'CN=CA', serial: '0a', sha256: 'c' }, thisUpdate: t(0), revocationDate: t(0), anchorSha256: 'r', seenAt: t(0) } as const
const proves: Command = { type: 'prove', proof: { of: 'revoked', proof } }
const seen = (sha256: string, verdict: 'revoked' | 'onHold' | 'notRevoked'): Command => ({ type: 'recordEvidence', evidence: { sha256, source: 'crl', verdict } })
const shown = (of: 'held' | 'active', sha256: string): Command => ({ type: 'prove', proof: { of, sha256, thisUpdate: t(0), serial: '0a' } })
const tell = (subject: NoticeSubject): Command => ({ type: 'notify', subject, channel: 'mail' })

/** Under a standard that offers suspension: the head of the OPD files. */
const opdHead: Actor = { id: 'ani', role: 'opdHead', opd: 'opd-a' }
const suspension = { ...base, kind: 'suspension', reason: 'penangguhan' } as const satisfies Command
const executed = (one: Case, filed: Command): Case => one.give(filed, opdHead).give({ type: 'approve', findings }, budi).give({ type: 'execute' }, systemActor)
const suspended = (one: Case, filed: Command = suspension): Case => executed(one, filed).give(seen('h', 'onHold'), systemActor).give(shown('held', 'h'), systemActor)

describe('what the applicant was told', () => {
  test('the filing is acknowledged once, wherever the request has gone since', () => {
    const one = at(purbalingga).give(base, opd).give(tell('submitted'), systemActor).give({ type: 'dispose', to: 'budi' }, head)
    expect(one.refused(tell('submitted'), systemActor)).toMatchObject({ refused: 'alreadyInformed', status: 'disposed' })
  })

  test('of a return is no acknowledgement of the filing', () => {
    const one = at(purbalingga).give(base, opd).give({ type: 'dispose', to: 'budi' }, head).give({ type: 'return', reasons: ['x'] }, budi).give(tell('returned'), systemActor).give({ type: 'submit' }, opd)
    expect(one.refused(tell('submitted'), systemActor)).toBe('not refused')
  })

  test('of the promise is not of the proof, even at the same instant', () => {
    const one = verifying().give({ type: 'approve', findings }, budi).give({ type: 'execute' }, systemActor)
      .give({ type: 'recordAmsAnswer', operation: 'read', outcome: 'accepted', record: { id: 'A-1', status: 'revoked', rawStatus: 'R' } }, systemActor)
      .give(seen('e', 'revoked'), systemActor, t(10)).give(tell('awaitingProof'), systemActor, t(10)).give(proves, systemActor, t(10))
    expect(one.refused({ type: 'close' }, systemActor, t(10))).toMatchObject({ refused: 'notInformed' })
    expect(one.give(tell('revoked'), systemActor, t(10)).give({ type: 'close' }, systemActor, t(10)).status).toBe('closed')
  })
})

describe('the letter to follow', () => {
  const urgent = { ...karsa, expedite: { ...karsa.expedite, reasons: ['penangguhan'] } }

  test('is owed when a suspension ends, and when its lifting does', () => {
    const incomplete = { type: 'approve', findings: { ...findings, completeness: 'incomplete' } } as const
    const held = (): Case => at(urgent).give({ ...suspension, letters: [] }, opdHead).give(incomplete, budi).give({ type: 'execute' }, systemActor)
      .give(seen('h', 'onHold'), systemActor).give(shown('held', 'h'), systemActor)
    const lifted = (): Case => held().give({ type: 'resumeCertificate' }, budi).give(seen('n', 'notRevoked'), systemActor).give(shown('active', 'n'), systemActor)
    for (const one of [held().give(tell('suspended'), systemActor), lifted().give(tell('resumed'), systemActor)]) {
      expect(one.refused({ type: 'close' }, systemActor)).toMatchObject({ refused: 'letterOwed' })
      for (const letter of base.letters) one.give({ type: 'attach', letter }, opdHead)
      expect(one.give({ type: 'close' }, systemActor).status).toBe('closed')
    }
  })

  test('is none where no letter was to follow', () => {
    // The reason was amended to one that wants another letter, then the certificate turned out to be revoked already.
    const one = at(sagu).give(base, { id: 'ani', role: 'holder' }).give({ type: 'amend', reason: 'meninggal' }, { id: 'ani', role: 'holder' })
      .give({ type: 'contradict', reason: 'revokedOutside', findings: [] }, systemActor).give({ type: 'resolve', outcome: 'continue' }, budi)
      .give(seen('e', 'revoked'), systemActor).give(proves, systemActor).give(tell('revoked'), systemActor)
      .give({ type: 'answer', letter: { kind: 'answerLetter', sha256: 'z', size: 1, mediaType: 'application/pdf' } }, head)
    expect(one.give({ type: 'close' }, systemActor).status).toBe('closed')
  })
})

describe('a closed request', () => {
  test('that ended in a suspension can be lifted, one that ended in a revocation not', () => {
    const rules = compileRules(karsa)
    const ended = (one: Case, subject: NoticeSubject): Case => one.give(tell(subject), systemActor).give({ type: 'close' }, systemActor)
    const revoked = ended(executed(new Case(rules), base).give(seen('e', 'revoked'), systemActor).give(proves, systemActor), 'revoked')
    const held = ended(suspended(new Case(rules)), 'suspended')
    const lift: Command = { type: 'resumeCertificate' }
    for (const [one, may] of [[revoked, false], [held, true], [revoked, false]] as const) {
      expect(allowedNow(rules, one.state).some(({ command }) => command === 'resumeCertificate')).toBe(may)
    }
    expect(revoked.refused(lift, citra)).toMatchObject({ refused: 'notInThisStatus' })
    expect(held.give(lift, citra).status).toBe('resuming')
  })
})
