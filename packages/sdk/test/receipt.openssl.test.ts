import { beforeAll, describe, expect, it } from 'vitest'
import { toPublicReceipt, writeReceipt } from '../src/receipt/index.js'
import { commandsOf, folderOf, openssl, type Run } from './openssl.js'
import { makeCase, type ReceiptCase } from './receipt-case.js'

const YEAR = 365.25 * 86_400_000
const REVOKED = 'error 23 at 0 depth lookup: certificate revoked'

/*
 * OpenSSL's own clock cannot be moved here, so the receipt is moved instead: a case of two or ten years ago, verified today by the commands as
 * printed, is what a receipt of today is in two or ten years.
 */
const ages = [['today', 0], ['2 years later', 2], ['10 years later', 10]] as const

describe.each(ages)('VERIFY.md with the real openssl, %s', (_age, years) => {
  describe.skipIf(!openssl.present)(openssl.note, () => {
    const now = new Date(Math.floor((Date.now() - years * YEAR) / 1000) * 1000)
    let byCrl: ReceiptCase
    let byOcsp: ReceiptCase

    beforeAll(async () => {
      // A leading zero digit in the serial: OpenSSL prints it, the canonical form does not.
      byCrl = await makeCase({ source: 'crl', now, reason: 'affiliationChanged', serial: '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567', ocspValidity: years === 2 ? 3_600_000 : null })
      byOcsp = await makeCase({ source: 'ocsp', now, sandbox: byCrl.sandbox })
    })

    function walk(files: ReadonlyMap<string, Uint8Array>): Run[] {
      const folder = folderOf(files)
      try {
        return commandsOf(files).map((command) => folder.run(command))
      } finally {
        folder.close()
      }
    }

    const find = (runs: readonly Run[], part: string): Run => {
      const found = runs.find((run) => run.command.includes(part))
      if (found === undefined) throw new Error(`no command with ${part}`)
      return found
    }

    function expectWhole(runs: readonly Run[], files: ReadonlyMap<string, Uint8Array>): void {
      const manifest = find(runs, 'sha256sum -c')
      expect(manifest.code).toBe(0)
      expect(manifest.stdout.trim().split('\n')).toHaveLength(files.size - 1)
      expect(manifest.stdout.trim().split('\n').every((line) => line.endsWith(': OK'))).toBe(true)
      expect(find(runs, 'find .').stdout.trim().split('\n')).toHaveLength(files.size)
      const guide = new TextDecoder().decode(files.get('VERIFY.md'))
      expect(guide).toContain(find(runs, '-fingerprint').stdout.trim())
    }

    it('CRL, full form: exit code 2 and the line VERIFY.md names; the entry is no hold', async () => {
      const files = await writeReceipt(byCrl.input)
      const runs = walk(files)
      expectWhole(runs, files)
      const verify = find(runs, '-crl_check')
      expect(verify.code).toBe(2)
      expect(verify.output.split('\n')).toContain(REVOKED)
      expect(verify.output.match(/error \d+/g)).toEqual(['error 23'])
      const entry = find(runs, 'sed -n')
      expect(entry.stdout).toContain('Serial Number: 0A1B2C3D4E5F60718293A4B5C6D7E8F901234567')
      expect(entry.stdout).toContain('Affiliation Changed')
      expect(entry.stdout.split('Serial Number: 0A1B')[1]?.split('Serial Number:')[0]).not.toContain('Certificate Hold')
      expect(find(runs, '-subject').stdout).toContain('serial=0A1B2C3D4E5F60718293A4B5C6D7E8F901234567')
    })

    it('CRL, public form: the CRL is the issuer\'s, and lists the serial', async () => {
      const files = await writeReceipt(byCrl.input, { form: 'public' })
      const runs = walk(files)
      expectWhole(runs, files)
      expect(find(runs, 'openssl verify')).toMatchObject({ code: 0, stdout: 'chain/issuer.pem: OK\n' })
      expect(find(runs, '-verify -CAfile')).toMatchObject({ code: 0 })
      expect(find(runs, '-verify -CAfile').output).toContain('verify OK')
      expect(find(runs, 'sed -n').stdout).toContain('Serial Number: 0A1B2C3D4E5F60718293A4B5C6D7E8F901234567')
    })

    it('OCSP, both forms: exit code 0, "Response verify OK" and "revoked"', async () => {
      const full = await writeReceipt(byOcsp.input)
      for (const [files, name] of [[full, 'certificate.pem'], [await toPublicReceipt(full), `0x${byOcsp.certificate.serial}`]] as const) {
        const runs = walk(files)
        expectWhole(runs, files)
        const ocsp = find(runs, 'openssl ocsp')
        expect(ocsp.code).toBe(0)
        expect(ocsp.output.split('\n')).toContain('Response verify OK')
        expect(ocsp.output.split('\n')).toContain(`${name}: revoked`)
        expect(ocsp.output).not.toContain('certificateHold')
      }
    })

    it('without -attime, or with it shifted, the commands no longer say the same once certificates have expired', async () => {
      const folder = folderOf(await writeReceipt(byOcsp.input))
      try {
        const [command] = commandsOf(await writeReceipt(byOcsp.input)).filter((each) => each.startsWith('openssl ocsp'))
        const shift = (by: number): string => command!.replace(/-attime (\d+)/, (_all, at: string) => `-attime ${Number(at) + Math.round((by * YEAR) / 1000)}`)
        expect(folder.run(shift(0)).code).toBe(0)
        expect(folder.run(shift(3)).output).toContain('Response Verify Failure')
        expect(folder.run(shift(10)).code).not.toBe(0)
      } finally {
        folder.close()
      }
    })
  })
})

describe.skipIf(!openssl.present)(`a CRL without nextUpdate, ${openssl.note}`, () => {
  it('its entries count: proven, written, and confirmed by the commands', async () => {
    const { input, proof } = await makeCase({ source: 'crl', now: new Date('2020-02-29T03:00:00Z'), crlValidity: null })
    expect(proof.nextUpdate).toBeUndefined()
    const files = await writeReceipt(input)
    const folder = folderOf(files)
    try {
      const verify = folder.run(commandsOf(files).find((command) => command.includes('-crl_check'))!)
      expect(verify).toMatchObject({ code: 2 })
      expect(verify.output.split('\n')).toContain(REVOKED)
    } finally {
      folder.close()
    }
  })
})
