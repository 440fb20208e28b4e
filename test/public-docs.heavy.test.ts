import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const packages = join(import.meta.dirname, '..', 'packages')
interface Entry { readonly '@cabut/source'?: string }

/** Names a package exports whose own declaration carries no comment, each with its file. */
function undocumented(name: string): { readonly found: number; readonly bare: readonly string[] } {
  const root = join(packages, name)
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly exports: Record<string, string | Entry> }
  const files = Object.values(exports).flatMap((target) => (typeof target === 'object' && target['@cabut/source'] !== undefined ? [join(root, target['@cabut/source'])] : []))
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, customConditions: ['@cabut/source'], noLib: true, types: [], skipLibCheck: true, resolveJsonModule: true,
  })
  const checker = program.getTypeChecker()
  const bare = new Set<string>()
  let found = 0
  for (const file of files) {
    const source = program.getSourceFile(file)
    const symbol = source === undefined ? undefined : checker.getSymbolAtLocation(source)
    for (const one of symbol === undefined ? [] : checker.getExportsOfModule(symbol)) {
      found += 1
      const declared = one.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(one) : one
      const tags = declared.getJsDocTags(checker).map(({ text }) => ts.displayPartsToString(text))
      if (`${ts.displayPartsToString(declared.getDocumentationComment(checker))}${tags.join('')}`.trim() === '') bare.add(`${one.name} (${declared.declarations?.[0]?.getSourceFile().fileName.slice(packages.length + 1) ?? 'nowhere'})`)
    }
  }
  return { found, bare: [...bare] }
}

// @cabut/pki has a stricter test of its own (clauses); the command line exports nothing.
describe.each(readdirSync(packages).filter((name) => !['pki', 'cli'].includes(name)))('%s', (name) => {
  it('every public name is documented', () => {
    const { found, bare } = undocumented(name)
    expect(found).toBeGreaterThan(3)
    expect(bare).toEqual([])
  })
})
