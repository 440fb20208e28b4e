import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { readLetter } from '../desk/filing.js'
import { loadStandard } from '../standard/index.js'
import {
  adviceFor,
  checkEmail,
  checkLetterNumber,
  checkNik,
  checkNip,
  checkNiPppk,
  checkPdf,
  InvalidInputError,
  readRequest,
  readSerial,
  reasonCatalogue,
  withheld,
  type RequestInput,
} from './index.js'

const text = (content: string): Uint8Array => new TextEncoder().encode(content)
const pdf = text('%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n')
const purbalingga = loadStandard('kabupaten-purbalingga')
const pekalongan = loadStandard('kota-pekalongan')
const base: RequestInput = {
  certificate: { issuerDn: 'CN=BSRE CA DS G1,O=Badan Siber dan Sandi Negara,C=ID', serial: '0a1b2c' },
  reason: 'mutasi',
  letters: [{ kind: 'requestLetter', bytes: pdf, number: '000.8.3.3/15/OR', date: '2026-11-20' }],
  applicant: { id: 'opd-7', opd: 'DINKES', name: 'Sari Rekaan', email: 'sari@dinkes.contoh.go.id', nip: '199001012015032001' },
}
async function issuesOf(input: unknown, standard = purbalingga): Promise<readonly string[]> {
  try {
    await readRequest(input, { standard })
    return []
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInputError)
    expect((error as InvalidInputError).code).toBe('requestInvalid')
    return (error as InvalidInputError).issues.map(({ path, code }) => `${path} ${code}`)
  }
}

describe('readRequest', () => {
  it('reads a request: reason with its RFC 5280 name, letters with digests, what is still to be checked', async () => {
    const request = await readRequest(base, { standard: purbalingga })
    expect(request).toMatchObject({
      kind: 'revocation',
      catalogue: 'cabut-alasan/1',
      opdOrigin: 'DINKES',
      reason: { code: 'mutasi', rfc5280: 'affiliationChanged' },
      certificate: { serial: 'a1b2c' },
      missingLetters: { mandatory: [], advised: ['transferDecree'] },
      letters: [{ kind: 'requestLetter', size: pdf.length, mediaType: 'application/pdf', number: '000.8.3.3/15/OR' }],
    })
    expect(request.letters[0]?.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(request.warnings.map(({ path, code }) => `${path} ${code}`)).toEqual([
      'certificate.subjectDn dnNotChecked',
      'letters letterAdvised',
    ])
  })

  it('makes the owner holder where owners file (Pekalongan 2.3), nobody where the OPD files (Purbalingga 1)', async () => {
    expect((await readRequest(base, { standard: pekalongan })).holder.id).toBe('opd-7')
    expect((await readRequest(base, { standard: purbalingga })).holder.id).toBeUndefined()
  })

  it("turns TMT into the start of that day in the office's zone", async () => {
    const request = await readRequest({ ...base, effectiveDate: '2027-01-01' }, { standard: purbalingga })
    expect(request.effectiveFrom).toBe('2026-12-31T17:00:00.000Z')
  })

  it('keeps the letter even when the caller reuses its buffer', async () => {
    for (const bytes of [pdf.slice(), Buffer.from(pdf)]) {
      const request = await readRequest({ ...base, letters: [{ kind: 'requestLetter', bytes }] }, { standard: purbalingga })
      bytes.fill(0)
      expect(request.letters[0]?.bytes).toEqual(pdf)
    }
    const later = Buffer.from(pdf)
    const { evidence } = await readLetter({ kind: 'requestLetter', bytes: later })
    later.fill(0)
    expect(evidence.bytes).toEqual(pdf)
  })

  it.each<[string, unknown, string]>([
    ['no object', null, ' wrongType'],
    ['an unknown field', { ...base, colour: 'red' }, 'colour unknownField'],
    ['no certificate', { ...base, certificate: undefined }, 'certificate required'],
    ['an empty reference', { ...base, certificate: {} }, 'certificate certificateMissing'],
    ['a serial without its issuer', { ...base, certificate: { serial: 'abc' } }, 'certificate certificateMissing'],
    ['a certificate that is none', { ...base, certificate: text('x') }, 'certificate certificateUnreadable'],
    ['a DN with an unbalanced escape', { ...base, certificate: { issuerDn: 'CN=x\\', serial: 'ab' } }, 'certificate.issuerDn dnForm'],
    [
      '64 kB of backslashes as DN',
      { ...base, certificate: { username: 'u', subjectDn: '\\'.repeat(65_536) } },
      'certificate.subjectDn dnForm',
    ],
    ['a serial as number', { ...base, certificate: { issuerDn: 'CN=x', serial: 12 } }, 'certificate wrongForm'],
    ['an unknown reason', { ...base, reason: 'iseng' }, 'reason reasonUnknown'],
    ['a forgotten passphrase', { ...base, reason: 'lupaPassphrase' }, 'reason reasonAdvice'],
    ['suspension where it is not offered', { ...base, reason: 'penangguhan' }, 'reason reasonNotOffered'],
    ['another reason without a note', { ...base, reason: 'lainnya' }, 'note reasonNeedsNote'],
    ['a NIK as number', { ...base, applicant: { ...base.applicant, nik: 3375010101900001 } }, 'applicant.nik nikNotString'],
    ['a NIK of 15 digits', { ...base, applicant: { ...base.applicant, nik: '337501010190000' } }, 'applicant.nik nikForm'],
    ['a NIP with month 13', { ...base, applicant: { ...base.applicant, nip: '199001012015132001' } }, 'applicant.nip nipForm'],
    ['a private mail address', { ...base, applicant: { ...base.applicant, email: 'sari@contoh.com' } }, 'applicant.email emailForm'],
    ['a date that does not exist', { ...base, effectiveDate: '2026-02-30' }, 'effectiveDate dateForm'],
    ['an empty letter', { ...base, letters: [{ kind: 'requestLetter', bytes: new Uint8Array() }] }, 'letters[0].bytes letterEmpty'],
    [
      'a letter that is a picture',
      { ...base, letters: [{ kind: 'requestLetter', bytes: text('\u0089PNG ... %%EOF') }] },
      'letters[0].bytes letterNotPdf',
    ],
    ['half a letter', { ...base, letters: [{ kind: 'requestLetter', bytes: pdf.subarray(0, 20) }] }, 'letters[0].bytes letterTruncated'],
    ['a letter of unknown kind', { ...base, letters: [{ kind: 'poem', bytes: pdf }] }, 'letters[0].kind unknownName'],
    ['a letter without bytes', { ...base, letters: [{ kind: 'requestLetter' }] }, 'letters[0].bytes required'],
    [
      'a letter number without a digit',
      { ...base, letters: [{ kind: 'requestLetter', bytes: pdf, number: 'tanpa' }] },
      'letters[0].number letterNumberForm',
    ],
    ['a passphrase', { ...base, passphrase: 'rahasia' }, 'passphrase secretRefused'],
    ['a TOTP code within the applicant', { ...base, applicant: { ...base.applicant, totp: '123456' } }, 'applicant.totp secretRefused'],
    [
      'an address of a deceased holder',
      { ...base, reason: 'meninggal', holder: { email: 'a@x.go.id' } },
      'holder.email holderDeceasedContact',
    ],
    ['no OPD', { ...base, applicant: { id: 'x' } }, 'opdOrigin required'],
  ])('refuses %s', async (_, input, expected) => {
    expect(await issuesOf(input)).toContainEqual(expected)
  })

  it('finds everything at once', async () => {
    expect(
      await issuesOf({ ...base, reason: 'iseng', letters: [{ kind: 'requestLetter', bytes: new Uint8Array() }], effectiveDate: 'besok' }),
    ).toEqual(['letters[0].bytes letterEmpty', 'effectiveDate dateForm', 'reason reasonUnknown'])
  })

  it('puts no personal data into errors', async () => {
    const nik = '33750101019000'
    try {
      await readRequest({ ...base, applicant: { ...base.applicant, nik, email: 'Sari@Contoh.com' } }, { standard: purbalingga })
      expect.unreachable()
    } catch (error) {
      for (const shown of [inspect(error, { depth: 9 }), JSON.stringify(error), String(error)])
        expect(shown).not.toMatch(/33750101019000|Sari|Contoh/)
    }
  })

  it('withholds personal data in inspect and JSON, and gives it by name', async () => {
    const { applicant } = await readRequest(base, { standard: purbalingga })
    for (const shown of [inspect({ applicant }, { depth: 9 }), JSON.stringify({ applicant })]) {
      expect(shown).not.toMatch(/Sari|1990|@/)
      expect(shown).toContain(withheld)
      expect(shown).toContain('opd-7')
    }
    expect(applicant.name).toBe('Sari Rekaan')
  })
})

describe('letters', () => {
  it("above AMS's 1 MB are kept, with the warning that compressing or re-printing destroys the signature", () => {
    const large = new Uint8Array(1024 * 1024 + 1)
    large.set(pdf.subarray(0, 20))
    large.set(text('%%EOF'), large.length - 5)
    const { issues, warnings } = checkPdf(large, 'bytes')
    expect(issues).toEqual([])
    expect(warnings[0]).toMatchObject({ code: 'letterAboveAmsLimit', id: expect.stringContaining('tanda tangan') as string })
  })

  it('above 20 MB are refused', () => {
    expect(checkPdf(new Uint8Array(20 * 1024 * 1024 + 1), 'bytes').issues).toEqual([
      expect.objectContaining({ code: 'letterTooLarge', path: 'bytes' }),
    ])
  })
})

describe('identifiers', () => {
  it('NIK: fails on form, warns on implausible dates and regions', () => {
    expect(checkNik('3375014101900001', 'nik')).toEqual({ issues: [], warnings: [] })
    for (const odd of ['3375013213900001', '0175010101900001', '3375017202900001'])
      expect(checkNik(odd, 'nik').warnings).toEqual([expect.objectContaining({ code: 'nikImplausible' })])
    for (const wrong of ['33750141019000011', '337501410190000a', ' 3375014101900001', ''])
      expect(checkNik(wrong, 'nik').issues).toHaveLength(1)
  })

  it('NIP has a month, NI PPPK a contract count from 21', () => {
    expect(checkNip('199001012015032001', 'x').issues).toEqual([])
    expect(checkNiPppk('199001012023211001', 'x').issues).toEqual([])
    expect(checkNip('199001012023211001', 'x').issues).toHaveLength(1)
    expect(checkNiPppk('199001012015032001', 'x').issues).toHaveLength(1)
    expect(checkNip('199013012015032001', 'x').warnings).toEqual([expect.objectContaining({ code: 'nipImplausible' })])
    expect(checkNip(199001012015032001, 'x').issues[0]?.code).toBe('nipNotString')
  })

  it('official e-mail: lower-case, .go.id, configurable', () => {
    expect(checkEmail('a.b@dinkes.contoh.go.id', 'x').issues).toEqual([])
    for (const wrong of [
      'A@x.go.id',
      'a@go.id',
      'a@evilgo.id',
      'a@x.go.id.evil.com',
      'a b@x.go.id',
      '@x.go.id',
      `a@${'x'.repeat(300)}.go.id`,
    ])
      expect(checkEmail(wrong, 'x').issues, wrong).toHaveLength(1)
    expect(checkEmail('a@contoh.ac.id', 'x', ['contoh.ac.id']).issues).toEqual([])
  })

  it('letter numbers follow no national pattern', () => {
    for (const fine of ['000.8.3.3/15/OR', 'R-99/IJ/KP.07.6/04/2020', 'B 1']) expect(checkLetterNumber(fine, 'x').issues).toEqual([])
    for (const wrong of ['12', 'tanpa angka', '1/2\n3', '1'.repeat(101), 15]) expect(checkLetterNumber(wrong, 'x').issues).toHaveLength(1)
  })
})

describe('serial numbers', () => {
  const hex = '5a'.repeat(20)
  it.each<[string, Parameters<typeof readSerial>[0], string]>([
    ['hex of the portal with leading zeros', `0${hex.slice(0, 38)}`, hex.slice(0, 38)],
    ['upper case with colons', '0A:1B:2C', 'a1b2c'],
    ['decimal of e-Sign v2', BigInt(`0x${hex}`).toString(10), hex],
    ['explicit decimal', { decimal: '1001' }, '3e9'],
    ['explicit hex', { hex: '1001' }, '1001'],
    ['a bigint', 255n, 'ff'],
    ['one digit, the same either way', '7', '7'],
  ])('%s', (_, input, serial) => {
    expect(readSerial(input, 'serial')).toEqual({ serial, issues: [] })
  })

  it('of digits alone are ambiguous, unless the certificate is at hand', () => {
    expect(readSerial('1001', 'serial').issues[0]?.code).toBe('serialAmbiguous')
    expect(readSerial('1001', 'serial', '3e9').serial).toBe('3e9')
    expect(readSerial('1001', 'serial', '1001').serial).toBe('1001')
  })

  it('are positive and at most 20 octets', () => {
    for (const wrong of ['0', '-1', 'xyz', '', 'f'.repeat(41), { decimal: '1e3' }, -5n, 'a'.repeat(5_000)])
      expect(readSerial(wrong, 'serial').issues, String(wrong)).toHaveLength(1)
  })
})

describe('reasons', () => {
  it('map to RFC 5280 and have wording in both languages', () => {
    const byCode = Object.fromEntries(reasonCatalogue.reasons.map(({ code, rfc5280 }) => [code, rfc5280]))
    expect(byCode).toEqual({
      kunciBocor: 'keyCompromise',
      mutasi: 'affiliationChanged',
      perubahanJabatan: 'affiliationChanged',
      perubahanUnit: 'affiliationChanged',
      perubahanData: 'affiliationChanged',
      pensiun: 'cessationOfOperation',
      berhenti: 'cessationOfOperation',
      meninggal: 'cessationOfOperation',
      penerbitanUlang: 'superseded',
      penyalahgunaan: 'privilegeWithdrawn',
      keputusanInstansi: 'privilegeWithdrawn',
      lainnya: 'unspecified',
      penangguhan: 'certificateHold',
      lupaPassphrase: 'unspecified',
    })
  })

  it('advise a reset for a forgotten passphrase', () => {
    expect(adviceFor('lupaPassphrase')?.id).toContain('reset passphrase')
    expect(adviceFor('mutasi')).toBeUndefined()
  })

  it('are those the standards and regions name', () => {
    const known = new Set(reasonCatalogue.reasons.map(({ code }) => code))
    const regions = ['kabupaten-tanjung-karsa', 'kota-teluk-sagu'].map((id) =>
      loadStandard(JSON.parse(readFileSync(new URL(`../../../../docs/standards/${id}.json`, import.meta.url), 'utf8')) as object),
    )
    for (const standard of [purbalingga, pekalongan, ...regions]) {
      const named = [
        ...standard.expedite.reasons,
        ...standard.letters.flatMap(({ reasons }) => reasons ?? []),
        ...(standard.reasons.offered === 'all' ? [] : standard.reasons.offered),
      ]
      expect(named.filter((code) => !known.has(code))).toEqual([])
    }
  })
})
