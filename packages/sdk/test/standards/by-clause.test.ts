import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadStandard, standardIds, standardJsonSchema } from '../../src/standard/index.js'
import { clauseRows, dataAt } from './clauses.js'
import { documented, itemsOf, renderFindings, renderStandard, title } from './tables.js'

const docs = new URL('../../../../docs/', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, docs), 'utf8')
/** `CABUT_GENERATE=1` writes the pages instead of comparing them. */
const generate = process.env['CABUT_GENERATE'] === '1'
function expectPage(path: string, content: string): void {
  if (generate) writeFileSync(new URL(path, docs), content)
  expect(read(path)).toBe(content)
}

describe.each(standardIds)('%s', (id) => {
  const standard = loadStandard(id)
  it.each((clauseRows[id] ?? []).map(({ clause, path, expected }) => [title(id, clause, path), clause, path, expected] as const))(
    '%s',
    (_, clause, path, expected) => {
      expect(dataAt(standard, path)).toEqual(expected)
      expect(standard.provenance.find((entry) => entry.path === path)?.clause).toBe(clause)
    },
  )

  it('encodes every item the source prints, and every entry of the data that names a clause is one of them', () => {
    const items = itemsOf(standard)
    expect(items.filter(({ paths }) => paths.length === 0)).toEqual([])
    const claimed = new Set(items.flatMap(({ paths }) => paths))
    const at = (path: string): unknown => path.replace(/\[(\d+)\]/g, '.$1').split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], standard)
    for (const path of claimed) expect(at(path), path).toBeDefined()
    const entries = [
      ...(['steps', 'letters', 'legalBasis'] as const).flatMap((list) => standard[list].map(({ clause }, index) => [clause, `${list}[${index}]`] as const)),
      ...(['channels', 'classes', 'flow'] as const).flatMap((list) => standard.complaints[list].map(({ clause }, index) => [clause, `complaints.${list}[${index}]`] as const)),
    ]
    expect(entries.filter(([clause, path]) => clause !== '-' && !claimed.has(path))).toEqual([])
  })

  it('has a row for every datum with a provenance, and for no other', () => {
    expect((clauseRows[id] ?? []).map(({ path }) => path).sort()).toEqual(standard.provenance.map(({ path }) => path).sort())
  })
})

describe('pages generated from the data', () => {
  it.each(documented)('docs/standards/%s.md is up to date', (id) => expectPage(`standards/${id}.md`, renderStandard(id)))

  it('docs/standards/findings.md is up to date', () => {
    const sources = Object.fromEntries([
      ...standardIds.map((id) => [id, id]),
      ...['kabupaten-tanjung-karsa', 'kota-teluk-sagu'].map((id) => [id, JSON.parse(read(`standards/${id}.json`))]),
    ]) as Record<string, string | object>
    expectPage('standards/findings.md', renderFindings(JSON.parse(read('standards/findings.json')) as never, sources))
  })

  it('docs/standards/service-standard.schema.json is up to date', () => {
    expectPage('standards/service-standard.schema.json', `${JSON.stringify(standardJsonSchema(), null, 2)}\n`)
  })
})

describe('docs/divergences.md', () => {
  const headings = [...read('divergences.md').matchAll(/^### ([a-z0-9-]+)$/gm)].map((match) => match[1] as string)

  it('explains every reading the data names', () => {
    const named = new Set(
      standardIds.flatMap((id) => loadStandard(id).provenance.flatMap(({ divergence }) => (divergence === undefined ? [] : [divergence]))),
    )
    expect([...named].filter((key) => !headings.includes(key))).toEqual([])
  })

  it('names each reading once, and every key a finding refers to', () => {
    expect(new Set(headings).size).toBe(headings.length)
    const referred = [...read('standards/findings.json').matchAll(/\b((?:pkl|pbg|both)-[a-z0-9-]+)\b/g)].map((match) => match[1] as string)
    expect(referred.filter((key) => !headings.includes(key))).toEqual([])
  })
})

describe('the JSON Schema', () => {
  it('accepts the shipped standards and both invented regions, and refuses a wrong zone (Ajv, an independent judge)', async () => {
    const { Ajv2020 } = await import('ajv/dist/2020.js')
    const validate = new Ajv2020({ strict: false }).compile(standardJsonSchema())
    const sources = [
      ...standardIds.map((id) => read(`../packages/sdk/src/standard/data/${id}.json`)),
      read('standards/kabupaten-tanjung-karsa.json'),
      read('standards/kota-teluk-sagu.json'),
    ]
    for (const source of sources) {
      const data = JSON.parse(source) as Record<string, unknown>
      expect(validate(data), JSON.stringify(validate.errors)).toBe(true)
      expect(validate({ ...data, zone: 'Mars' })).toBe(false)
    }
  })
})

describe('persons and private numbers', () => {
  const data = new URL('../../src/standard/data/', import.meta.url)
  const published = [
    ...readdirSync(data).map((name) => [name, readFileSync(new URL(name, data), 'utf8')] as const),
    // The JSON Schema holds no text of a standard, only 2^53 - 1 as a bound.
    ...readdirSync(new URL('standards/', docs))
      .filter((name) => !name.endsWith('.schema.json'))
      .map((name) => [name, read(`standards/${name}`)] as const),
    ['divergences.md', read('divergences.md')] as const,
  ]
  it.each(published)('are nowhere in %s: replaced by role, marked omitted', (_, content) => {
    expect(content).not.toMatch(/(?<!\d)(?:\+62|62|0)[ .-]?8\d(?:[ .-]?\d){6,10}(?!\d)/)
    expect(content).not.toMatch(/(?<![0-9a-f])(?:\d{16}|\d{18})(?![0-9a-f])/i)
    // Academic titles go with names in Indonesian documents; so does NIP.
    expect(content).not.toMatch(/,\s*S\.\s?(?:Kom|STP|Sos|IP|T|E|H|Pd)\b|,\s*M\.\s?(?:Kom|Si|T|M|H|Pd|Eng)\b|\bNIP[ .:]+\d/)
  })

  it('are marked where they were omitted', () => {
    expect(
      loadStandard('kota-pekalongan')
        .components.flatMap(({ omitted }) => omitted ?? [])
        .map(({ what, role }) => `${what} ${role}`),
    ).toEqual(['personName Pejabat Pengaduan', 'privateNumber Pejabat Pengaduan'])
  })
})
