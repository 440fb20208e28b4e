import { createSandbox } from '@cabut/sandbox'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { readCertificateReference } from '../src/request/index.js'

const sandbox = await createSandbox({ faults: 'none', seed: 'certificate-reference' })
const leaf = await sandbox.ca.issueLeaf({
  commonName: 'BUDI REKAAN',
  organization: 'Dinas Contoh',
  serial: '0a1b2c3d4e5f60718293a4b5c6d7e8f901020304',
})
const other = await sandbox.ca.issueLeaf({ commonName: 'SARI REKAAN', organization: 'Dinas Contoh' })
const read = async (
  ...input: Parameters<typeof readCertificateReference>
): Promise<{ serial: string | undefined; codes: readonly string[] }> => {
  const { reference, issues, warnings } = await readCertificateReference(...input)
  return { serial: reference.serial, codes: [...issues, ...warnings].map(({ path, code }) => `${path} ${code}`) }
}

describe('a certificate at hand (BSrE-shaped: description, CN, O, C and a critical unknown EKU)', () => {
  it.each<[string, string | Uint8Array]>([
    ['PEM', leaf.certificatePem],
    ['DER', leaf.der],
  ])('as %s gives issuer, serial, Subject DN, validity and digest', async (_, certificate) => {
    const { reference, issues, warnings } = await readCertificateReference(certificate, 'certificate')
    expect([issues, warnings]).toEqual([[], []])
    expect(reference).toMatchObject({
      serial: 'a1b2c3d4e5f60718293a4b5c6d7e8f901020304',
      issuerDn: leaf.issuerDn,
      notAfter: leaf.notAfter.toISOString(),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    })
    expect(reference.subjectDn).toContain('CN=BUDI REKAAN')
  })

  it('withholds the Subject DN in logs: it names a person', async () => {
    const { reference } = await readCertificateReference(leaf.der, 'certificate')
    expect(inspect(reference) + JSON.stringify(reference)).not.toContain('BUDI')
  })

  it('agrees with the serial in hex and in decimal, and with the DN in another order of words', async () => {
    const decimal = BigInt(`0x${leaf.serial}`).toString()
    for (const serial of [leaf.serial, `0${leaf.serial}`, leaf.serial.toUpperCase(), decimal]) {
      expect(
        await read({ certificate: leaf.der, serial, issuerDn: leaf.issuerDn, subjectDn: leaf.subjectDn.toUpperCase() }, 'certificate'),
      ).toEqual({ serial: leaf.serial, codes: [] })
    }
  })

  it('contradicting the rest of the reference is refused by place', async () => {
    expect(
      (await read({ certificate: leaf.der, serial: other.serial, issuerDn: leaf.subjectDn, subjectDn: other.subjectDn }, 'c')).codes,
    ).toEqual(['c.issuerDn certificateMismatch', 'c.subjectDn certificateMismatch', 'c.serial certificateMismatch'])
  })

  it('with a trailing byte, cut short or as random bytes is unreadable', async () => {
    const trailing = new Uint8Array([...leaf.der, 0])
    for (const bytes of [
      trailing,
      leaf.der.subarray(0, -1),
      new Uint8Array(64).fill(7),
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
    ]) {
      expect((await read(bytes, 'certificate')).codes).toContainEqual('certificate certificateUnreadable')
    }
  })
})

describe('no certificate at hand', () => {
  it('is addressed by issuer and serial, with the Subject DN "belum diperiksa"', async () => {
    expect(await read({ issuerDn: leaf.issuerDn, serial: leaf.serial }, 'certificate')).toEqual({
      serial: leaf.serial,
      codes: ['certificate.subjectDn dnNotChecked'],
    })
  })

  it('or by username and Subject DN, as BSrE looks it up (Pekalongan 2.6)', async () => {
    expect((await read({ username: 'budi.rekaan', subjectDn: leaf.subjectDn }, 'certificate')).codes).toEqual([
      'certificate.subjectDn dnNotChecked',
    ])
  })
})
