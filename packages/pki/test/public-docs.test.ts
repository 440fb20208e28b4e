import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const clause = /RFC \d{4}|X\.\d{3}|FIPS \d{3}|ISO (?:32000|14533)|ETSI (?:EN|TS) \d{3}/

interface PublicName {
  readonly entry: string
  readonly name: string
  readonly documentation: string
}

/** Every name the package's entries export, with the comment of its own declaration. */
function publicNames(): PublicName[] {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: Record<string, string | { '@cabut/source'?: string }> }
  const entries = Object.entries(manifest.exports).flatMap(([entry, target]) => (typeof target === 'object' && target['@cabut/source'] !== undefined ? [[entry, join(root, target['@cabut/source'])] as const] : []))
  const program = ts.createProgram(entries.map(([, file]) => file), {
    target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, customConditions: ['@cabut/source'], noLib: true, types: [], skipLibCheck: true,
  })
  const checker = program.getTypeChecker()
  return entries.flatMap(([entry, file]) => {
    const symbol = checker.getSymbolAtLocation(program.getSourceFile(file)!)
    return checker.getExportsOfModule(symbol!).map((one) => {
      const declared = one.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(one) : one
      const tags = declared.getJsDocTags(checker).flatMap(({ text }) => ts.displayPartsToString(text))
      return { entry, name: one.name, documentation: [ts.displayPartsToString(declared.getDocumentationComment(checker)), ...tags].join('\n').trim() }
    })
  })
}

describe('what the package exports', () => {
  const names = publicNames()

  it('is found', () => {
    expect(new Set(names.map(({ entry }) => entry))).toEqual(new Set(['.', './crypto', './der', './name', './certificate', './crl', './ocsp', './path', './status', './letter', './timestamp']))
    expect(names.length).toBeGreaterThan(150)
  })

  it('is documented, each name', () => {
    expect(names.filter(({ documentation }) => documentation === '').map(({ entry, name }) => `${entry} ${name}`)).toEqual([])
  })

  it('cites the clause it rests on, each name', () => {
    expect([...new Set(names.filter(({ documentation }) => !clause.test(documentation)).map(({ name }) => name))]).toEqual([])
  })
})
