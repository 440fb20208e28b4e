import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
// @ts-expect-error: a plain script without declarations
import { checkArchitecture } from '../scripts/architecture.mjs'

const check = checkArchitecture as (root: string) => string[]
let root: string

function put(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true })
  writeFileSync(join(root, path), text)
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cabut-architecture-'))
  put('ARCHITECTURE.md', [
    '## Packages', '| package | published as | what | may import |', '|---|---|---|---|', '| low | @x/low | low | - |', '| high | @x/high | high | low |',
    '## Adapters', '| adapter | subpaths | names |', '|---|---|---|', '| high | . | decide |',
    '## Pure folders', '| folder | why |', '|---|---|', '| packages/low/src/pure | a reason |', '',
  ].join('\n'))
  put('packages/low/package.json', '{"name":"@x/low","exports":{".":"./src/index.ts"}}')
  put('packages/high/package.json', '{"name":"@x/high","exports":{".":"./src/index.ts"},"dependencies":{"@x/low":"*"}}')
  put('packages/low/src/index.ts', 'export const one: number = 1\n')
  put('packages/high/src/index.ts', "import { one } from '@x/low'\nexport const two: number = one + 1\n")
})
afterEach(() => { rmSync(root, { recursive: true, force: true }) })

describe('the architecture check', () => {
  test('accepts a tree that obeys its table', () => {
    expect(check(root)).toEqual([])
  })

  test.each([
    ['a forbidden package import', 'packages/low/src/index.ts', "import '@x/high'\n", /low may not import high/],
    ['a deep import', 'packages/high/src/index.ts', "import '@x/low/src/index.ts'\n", /deep import/],
    ['an undeclared dependency', 'packages/low/src/index.ts', "import 'left-pad'\n", /does not declare/],
    ['a relative reach into another package', 'packages/high/src/index.ts', "import '../../low/src/index.js'\n", /reaches out of its package/],
    ['a clock in a pure folder', 'packages/low/src/pure/a.ts', 'export const a: number = Date.now()\n', /pure folder uses Date\.now/],
    ['a bare date in a pure folder', 'packages/low/src/pure/a.ts', 'export const a: Date = new Date()\n', /pure folder uses new Date/],
    ['Node in a pure folder', 'packages/low/src/pure/a.ts', "import 'node:fs'\n", /pure folder imports node:fs/],
    ['a long file without a reason', 'packages/low/src/long.ts', 'export {}\n'.repeat(401), /long\.ts has 401 lines; above 400/],
    ['a file too long for any reason', 'packages/low/src/long.ts', 'export {}\n'.repeat(701), /long\.ts has 701 lines; 700 are the most/],
    ['a package missing from the table', 'packages/third/package.json', '{"name":"@x/third"}', /not in the table/],
  ])('names %s', (_title, path, text, message) => {
    put(path, text)
    expect(check(root).join('\n')).toMatch(message)
  })

  test('keeps an adapter away from the rules of the workflow', () => {
    put('packages/sdk/package.json', '{"name":"@x/sdk","exports":{".":"./src/index.ts","./workflow":"./src/workflow.ts"}}')
    put('packages/high/package.json', '{"name":"@x/high","exports":{".":"./src/index.ts"},"dependencies":{"@x/sdk":"*"}}')
    const map = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
    put('ARCHITECTURE.md', map.replace('| high | @x/high | high | low |', '| high | @x/high | high | sdk |\n| sdk | @x/sdk | sdk | - |'))
    put('packages/high/src/index.ts', "import { createDesk } from '@x/sdk'\nexport const two: unknown = createDesk\n")
    expect(check(root)).toEqual([])
    put('packages/high/src/index.ts', "import { decide } from '@x/sdk'\nimport { turn } from '@x/sdk/workflow'\nexport const two: unknown = [decide, turn]\n")
    expect(check(root).join('\n')).toMatch(/may not import decide of @x\/sdk[\s\S]*may not import @x\/sdk\/workflow/)
  })

  test('names an import cycle', () => {
    put('packages/low/src/a.ts', "import { b } from './b.js'\nexport const a: number = b\n")
    put('packages/low/src/b.ts', "import { a } from './a.js'\nexport const b: number = a\n")
    expect(check(root).join('\n')).toMatch(/import cycle: packages\/low\/src\/a\.ts -> packages\/low\/src\/b\.ts/)
  })
})

describe('this repository', () => {
  test('has the files a newcomer looks for', () => {
    for (const file of ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'LICENSE', 'vitest.workspace.ts', 'pnpm-workspace.yaml', 'tsconfig.base.json']) {
      expect(readFileSync(join(import.meta.dirname, '..', file), 'utf8').length, file).toBeGreaterThan(100)
    }
  })
})
