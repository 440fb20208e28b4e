import { describe, expect, test } from 'vitest'
import { base, budi, Case, findings, t, verifying } from '../../test/case.js'
import { systemActor, type Command } from './index.js'

const proof = { source: 'crl', sha256: 'e', certificate: { issuerDn: 'CN=CA', serial: '0a', sha256: 'c' }, thisUpdate: t(0), revocationDate: t(0), anchorSha256: 'r', seenAt: t(0) } as const
const proves: Command = { type: 'prove', proof: { of: 'revoked', proof } }

/** Executed, with evidence at hand. */
const executed = (certificate: object): Case => verifying(undefined, { certificate }).give({ type: 'approve', findings }, budi).give({ type: 'execute' }, systemActor)
  .give({ type: 'recordEvidence', evidence: { sha256: 'e', source: 'crl', verdict: 'revoked' } }, systemActor)

describe('evidence proves the certificate of the request, and no other', () => {
  test.each<[string, object, string]>([
    ['the same digest', { ...base.certificate, sha256: 'c' }, 'revoked'], ['another digest under the same serial', { ...base.certificate, sha256: 'd' }, 'wrongCertificate'],
    ['no digest at hand', base.certificate, 'revoked'], ['another serial', { ...base.certificate, serial: '0b' }, 'wrongCertificate'],
    ['neither serial nor digest at hand', { issuerDn: 'CN=CA' }, 'revoked'], ['another digest alone', { sha256: 'd' }, 'wrongCertificate'],
  ])('%s: %s', (_, certificate, outcome) => {
    const one = executed(certificate)
    if (outcome === 'revoked') expect(one.give(proves, systemActor).status).toBe('revoked')
    else expect(one.refused(proves, systemActor)).toMatchObject({ refused: outcome })
  })
})

describe('a certificate that ran out before the proof', () => {
  test('runs out after its last instant; one whose end nobody knows never does', () => {
    const one = executed({ ...base.certificate, notAfter: t(30) })
    expect(one.refused({ type: 'expire' }, systemActor, t(30))).toMatchObject({ refused: 'certificateNotExpired' })
    expect(executed({ serial: '0a' }).refused({ type: 'expire' }, systemActor, '2040-01-01T00:00:00.000Z')).toMatchObject({ refused: 'certificateNotExpired' })
    one.give({ type: 'expire' }, systemActor, '2026-11-24T02:30:00.001Z')
    expect(one.state).toMatchObject({ status: 'failed', statusReason: 'expiredBeforeProof' })
  })
})
