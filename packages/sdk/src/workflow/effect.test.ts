import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { at, base, budi, Case, dodi, filedInAms, findings, head, opd, owner, pekalongan, purbalingga, t, verifying } from '../../test/case.js'
import { loadStandard } from '../standard/index.js'
import { closable, effectsOf, systemActor, type Actor, type CaseState, type Command, type Effect, type WorkflowEvent } from './index.js'

const sagu = loadStandard(JSON.parse(readFileSync(new URL('../../../../docs/standards/kota-teluk-sagu.json', import.meta.url), 'utf8')) as object)
const letter = { kind: 'answerLetter', sha256: 'z', size: 1, mediaType: 'application/pdf' } as const
const proof = { source: 'crl', sha256: 'e', certificate: { issuerDn: 'CN=CA', serial: '0a', sha256: 'c' }, thisUpdate: t(0), revocationDate: t(0), anchorSha256: 'r', seenAt: t(0) } as const
const seen: Command = { type: 'recordEvidence', evidence: { sha256: 'e', source: 'crl', verdict: 'revoked' } }
const proves: Command = { type: 'prove', proof: { of: 'revoked', proof } }
const answered: Command = { type: 'answer', letter }

/** What the desk must do after the last event. */
const effects = (one: Case): readonly Effect[] => effectsOf(one.rules, one.events.at(-1) as WorkflowEvent, one.state as CaseState)
const record = (status: 'waitingVerification' | 'waitingBsre' | 'revoked' | 'returned' | 'other', operation: 'read' | 'file' | 'return' = 'read'): Command =>
  ({ type: 'recordAmsAnswer', operation, outcome: 'accepted', record: { id: 'A-1', status, rawStatus: status } })

describe('the answer letter, where the standard asks for one', () => {
  const promised = (): Case => at(purbalingga).give(base, opd).give({ type: 'dispose', to: 'budi' }, head).give({ type: 'approve', findings }, budi).give({ type: 'execute' }, systemActor)
    .give({ type: 'startWrite', operation: 'file', key: 'K-1.file.1' }, systemActor).give(record('revoked', 'file'), systemActor)

  test('is due when AMS says revoked, and again when that is proven, until it was sent', () => {
    expect(effects(promised())).toEqual([{ kind: 'proof' }, { kind: 'notify' }, { kind: 'answer' }])
    expect(effects(promised().give(seen, systemActor).give(proves, systemActor))).toEqual([{ kind: 'notify' }, { kind: 'answer' }, { kind: 'watch' }])
    const sent = promised().give(answered, head)
    expect(effects(sent.give(record('revoked'), systemActor))).toEqual([{ kind: 'proof' }, { kind: 'notify' }])
    expect(effects(sent.give(seen, systemActor).give(proves, systemActor))).toEqual([{ kind: 'notify' }, { kind: 'watch' }])
  })
})

describe('what was owed last closes the request', () => {
  const same: Actor = { id: 'ani', role: 'verifier' }
  const revoked = (): Case => at(pekalongan).give({
    ...base, reason: 'kunciBocor', letters: [{ kind: 'institutionDecision', sha256: 'i', size: 1, mediaType: 'application/pdf' }], onBehalf: 'unreachable',
    parties: { ...base.parties, holder: { id: 'pemilik', reachable: false } },
  }, same).give({ type: 'approve', findings: { ...findings, completeness: 'incomplete' }, emergency: true }, same).give({ type: 'execute' }, systemActor)
    .give(seen, systemActor).give(proves, systemActor).give({ type: 'notify', subject: 'revoked', channel: 'mail' }, systemActor)
  const follows: [Command, Actor] = [{ type: 'attach', letter: base.letters[0] }, same]
  const heard: [Command, Actor] = [{ type: 'ratify', decision: 'ratified' }, dodi]

  test.each([['the letter to follow', heard, follows], ['the word of the superior', follows, heard]])('%s', (_, first, last) => {
    const one = revoked()
    expect(effects(one)).toEqual([])
    expect(effects(one.give(...first))).toEqual([])
    expect(effects(one.give(...last))).toEqual([{ kind: 'close' }])
  })

  test('a request under way is not closable', () => {
    const one = verifying()
    expect(closable(one.rules, one.state as CaseState)).toBe(false)
  })
})

describe('AMS', () => {
  test('is told of a withdrawal until it has heard; then nothing is left', () => {
    const one = verifying().give({ type: 'withdraw' }, owner)
    expect(effects(one)).toEqual([{ kind: 'ams' }])
    one.give({ type: 'startWrite', operation: 'return', key: 'K-1.return.A-1' }, systemActor)
    expect(effects(one.give({ type: 'recordAmsAnswer', operation: 'return', outcome: 'notDone' }, systemActor))).toContainEqual({ kind: 'ams' })
    one.give({ type: 'startWrite', operation: 'return', key: 'K-1.return.A-1' }, systemActor)
    expect(effects(one.give(record('returned', 'return'), systemActor))).toEqual([])
  })

  test('is watched while it holds the owner\'s filing, wherever that lies here', () => {
    const one = at(sagu).give(base, owner).give({ type: 'startWrite', operation: 'file', key: 'K-1.file.1' }, systemActor).give(filedInAms, systemActor).give({ type: 'dispose', to: 'budi' }, head)
    expect(effects(one.give(record('waitingVerification'), systemActor))).toEqual([{ kind: 'ams' }])
    expect(effects(one.give({ type: 'receive' }, budi).give(record('waitingVerification'), systemActor))).toEqual([{ kind: 'ams' }])
  })

  test('is not watched where the officer files: what BSrE gave back is corrected here', () => {
    const back = (): Case => at(purbalingga).give(base, opd).give({ type: 'dispose', to: 'budi' }, head).give({ type: 'approve', findings }, budi).give({ type: 'execute' }, systemActor)
      .give({ type: 'startWrite', operation: 'file', key: 'K-1.file.1' }, systemActor).give(record('waitingBsre', 'file'), systemActor).give(record('returned'), systemActor).give({ type: 'submit' }, opd)
    expect(back().status).toBe('verifying')
    expect(effects(back().give({ type: 'recordAmsAnswer', operation: 'read', outcome: 'unknown' }, systemActor))).toEqual([])
    expect(effects(back().give(record('other'), systemActor))).toEqual([])
  })
})
