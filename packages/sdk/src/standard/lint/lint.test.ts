import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { lawStatusTable, lintStandard, standardIds } from '../index.js'
import { lawsCited } from './law-table.js'

interface Reviewed {
  readonly clause: string
  readonly code: string
  readonly path: string
  readonly review: string
}
const documents = new URL('../../../../../docs/standards/', import.meta.url)
const reviewed = JSON.parse(readFileSync(new URL('findings.json', documents), 'utf8')) as Record<string, readonly Reviewed[]>
const region = (id: string): object => JSON.parse(readFileSync(new URL(`${id}.json`, documents), 'utf8')) as object
const found = (source: string | object): readonly string[] => lintStandard(source).map(({ clause, code }) => `${clause} ${code}`)

describe('defects of the published standards, found from the data', () => {
  it.each([
    ['requirements "-" although a letter is mandatory', '1 requirementMissing'],
    ['the applicant checks the applicant', '2.5 applicantVerifies'],
    ['"5 hari kerja" are opening days, the duration is 1 day', '3 timeLimitTwice'],
    ['the e-mail has no valid domain', '6.a.2 contactInvalid'],
    ['"Nomor 11 tahun 2018" should be 2008', '7.1 lawMistyped'],
    ['UU 1/2024 is absent', '7.1 lawAmendmentMissing'],
    ['one officer against four eyes', '11 headcountBelowFourEyes'],
    ['a private number is published', '6.a.6 privateNumberPublished'],
  ])('Pekalongan: %s', (_, expected) => {
    expect(found('kota-pekalongan')).toContain(expected)
  })

  it.each([
    ['the product is the issuance of certificates', 'Service Delivery 5 otherService'],
    ['the facilities list the issuance letter', 'Manufacturing 2 otherService'],
    ['PP 82/2012 is repealed by PP 71/2019', 'Manufacturing 1.c lawRepealed'],
    ['170 minutes without a start', 'Service Delivery 3 limitWithoutStart'],
    ['170 minutes without hours', 'Service Delivery 3 limitWithoutHours'],
    ['the WhatsApp number is a landline', 'Service Delivery 6.a.4 whatsappLandline'],
    ['requirement 1 omits the Keterangan Alasan that step 1 demands', 'Service Delivery 1 requirementMissing'],
    ['steps without actors', 'Service Delivery 2.4 stepWithoutActor'],
    ['complaint classes overlap', 'Service Delivery 6.c complaintClassesOverlap'],
  ])('Purbalingga: %s', (_, expected) => {
    expect(found('kabupaten-purbalingga')).toContain(expected)
  })

  it('names the right law for the misprint', () => {
    expect(lintStandard('kota-pekalongan').find(({ code }) => code === 'lawMistyped')).toMatchObject({
      severity: 'error',
      en: 'UU 11/2018 is mistyped: that law is UU 11/2008',
      proposal: { id: 'Tulis UU 11/2008' },
    })
  })
})

it.each([...standardIds, 'kabupaten-tanjung-karsa', 'kota-teluk-sagu'])(
  '%s: every finding is reviewed in docs/standards/findings.json, and no more',
  (id) => {
    const findings = lintStandard(standardIds.includes(id) ? id : region(id)).map(({ clause, code, path }) => `${clause} ${code} ${path}`)
    expect(findings.sort()).toEqual((reviewed[id] ?? []).map(({ clause, code, path }) => `${clause} ${code} ${path}`).sort())
    for (const { review } of reviewed[id] ?? []) expect(review.length).toBeGreaterThan(10)
  },
)

describe('the rules are general', () => {
  const change = (edit: (data: Record<string, never>) => void): object => {
    const data = structuredClone(region('kabupaten-tanjung-karsa')) as Record<string, never>
    edit(data)
    return data
  }
  const component = (data: Record<string, never>, name: string): { verbatim: string[]; says: string } =>
    (data['components'] as unknown as { name: string; verbatim: string[]; says: string }[]).find((one) => one.name === name) as never

  it('find an invented region sound but for its silence on Ramadan', () => {
    expect(found(region('kabupaten-tanjung-karsa'))).toEqual(['A.4 ramadanSilent'])
  })
  it('find a published mobile number and NIK anywhere', () => {
    expect(
      found(
        change((data) => {
          component(data, 'complaints').verbatim.push('WA 0812-3456-7890')
        }),
      ),
    ).toContain('A.6 privateNumberPublished')
    expect(
      found(
        change((data) => {
          component(data, 'facilities').verbatim.push('NIK 3375014101900001')
        }),
      ),
    ).toContain('B.2 privateNumberPublished')
  })
  it('find another service in the product', () => {
    expect(
      found(
        change((data) => {
          component(data, 'product').verbatim = ['Perpanjangan Sertifikat']
        }),
      ),
    ).toContain('A.1 otherService')
  })
  it('find a component that is empty or unreadable', () => {
    expect(
      found(
        change((data) => {
          Object.assign(component(data, 'safety'), { says: 'silent', verbatim: ['-'] })
        }),
      ),
    ).toContain('B.7 componentSilent')
    expect(
      found(
        change((data) => {
          Object.assign(component(data, 'safety'), { says: 'unknown', verbatim: [] })
        }),
      ),
    ).toContain('B.7 componentUnknown')
  })
  it('judge laws by the table given', () => {
    const laws = lawStatusTable.map((law) =>
      law.form === 'PP' && law.number === '71'
        ? { ...law, status: 'repealed' as const, repealedBy: { form: 'PP' as const, number: '9', year: 2030 } }
        : law,
    )
    expect(lintStandard(region('kabupaten-tanjung-karsa'), { laws }).map(({ code }) => code)).toEqual([
      'lawStatusDiffers',
      'lawRepealed',
      'ramadanSilent',
    ])
  })
  it('read a misprinted year by number and title together', () => {
    const misprint = change((data) => {
      Object.assign((data['legalBasis'] as unknown as object[])[1] as object, {
        year: 2018,
        verbatim: 'PP Nomor 71 Tahun 2018 tentang Penyelenggaraan Sistem dan Transaksi Elektronik',
      })
    })
    expect(lintStandard(misprint).find(({ code }) => code === 'lawMistyped')?.en).toBe('PP 71/2018 is mistyped: that law is PP 71/2019')
  })
  it('say what the schema finds when the standard cannot run', () => {
    expect(lintStandard({ ...region('kota-teluk-sagu'), zone: 'Mars' })).toEqual([
      expect.objectContaining({ code: 'invalid', severity: 'error', path: 'zone' }),
    ])
  })
})

it('reads citations within citations', () => {
  expect(
    lawsCited(
      'Undang-Undang Nomor 19 Tahun 2016 tentang Perubahan atas Undang-Undang Nomor 11 tahun 2018 tentang Informasi; PP 71/2019',
    ).map(({ form, number, year }) => `${form} ${number}/${year}`),
  ).toEqual(['UU 19/2016', 'UU 11/2018', 'PP 71/2019'])
})
