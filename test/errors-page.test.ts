import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CabutError, errorTable, type CabutErrorCode, type ErrorRow } from '../packages/sdk/src/errors.js'

const page = join(import.meta.dirname, '..', 'docs', 'errors.md')

/** The page every error's `docs` anchor points into, written from the one table. */
function writePage(): string {
  const rows = (Object.entries(errorTable) as [CabutErrorCode, ErrorRow][]).sort(([a], [b]) => a.localeCompare(b, 'en'))
  const lines = [
    '# Error codes',
    '',
    'Written from the table in `packages/sdk/src/errors.ts`; a test compares the two (`UPDATE_DOCS=1 npx vitest run --project repository test/errors-page.test.ts` writes it anew).',
    'Every error of `@cabut/sdk` carries one of these codes, an Indonesian and an English title, the HTTP status an adapter answers with, and whether the same call may succeed later.',
    '',
  ]
  for (const [code, row] of rows) {
    lines.push(`## ${code}`, '', `- id: ${row.id}`, `- en: ${row.en}`, `- HTTP ${row.httpStatus}; ${row.retryable ? 'trying again later may help' : 'trying again does not help'}`, '')
  }
  return lines.join('\n')
}

describe('docs/errors.md', () => {
  test('equals the error table', () => {
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(page, writePage())
    expect(existsSync(page)).toBe(true)
    expect(readFileSync(page, 'utf8')).toBe(writePage())
  })

  test('has the anchor of every code, and each row both languages', () => {
    const text = readFileSync(page, 'utf8')
    for (const [code, row] of Object.entries(errorTable) as [CabutErrorCode, ErrorRow][]) {
      const [file, anchor] = new CabutError(code).docs.split('#')
      expect(file).toBe('docs/errors.md')
      expect(text.toLowerCase()).toContain(`## ${anchor}\n`)
      expect(row.id.length).toBeGreaterThan(5)
      expect(row.en.length).toBeGreaterThan(5)
      expect(row.httpStatus).toBeGreaterThanOrEqual(400)
    }
  })
})
