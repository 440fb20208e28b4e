// Runs the example of every public name: the `@example` in the comment of each exported function, class and constant, compiled as a reader would write it
// and run. `node scripts/docstring-examples.mjs [PACKAGE...] [--name NAME] [--missing]`; `--missing` lists the names that have none, without running.
//
// In an example, public names of our packages and what examples/given/PACKAGE.ts or PACKAGE.PART.ts exports (a certificate, a list, a desk) are there without an import.
// A comment behind a statement is a promise when it is a literal: `formatName(subject) // 'CN=Ratna Dewi,C=ID'` fails when the value is another one,
// `parseName('CN') // throws nameSyntax` when no error with that code comes. Other comments are for the reader.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import ts from 'typescript'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const { values, positionals } = parseArgs({ allowPositionals: true, options: { name: { type: 'string' }, missing: { type: 'boolean', default: false } } })
// The command line exports nothing.
const packages = readdirSync(join(root, 'packages')).filter((name) => name !== 'cli' && existsSync(join(root, 'packages', name, 'package.json')))
for (const name of positionals) if (!packages.includes(name)) throw new TypeError(`no package ${name}; there are ${packages.join(', ')}`)

const entriesOf = (name) => {
  const { name: title, exports } = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'))
  return Object.entries(exports).flatMap(([entry, target]) => (typeof target === 'object' && target['@cabut/source'] !== undefined ? [{ specifier: join(title, entry), file: join(root, 'packages', name, target['@cabut/source']) }] : []))
}
const entries = new Map(packages.map((name) => [name, entriesOf(name)]))
const given = join(root, 'examples/given')
/** `PACKAGE.ts` and `PACKAGE.PART.ts`. */
const givens = new Map(packages.map((name) => [name, (existsSync(given) ? readdirSync(given) : []).filter((file) => file.endsWith('.ts') && file.split('.')[0] === name)]))
const program = ts.createProgram([...[...entries.values()].flat().map(({ file }) => file), ...[...givens.values()].flat().map((file) => join(given, file))], {
  target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, customConditions: ['@cabut/source'], noLib: true, types: [], skipLibCheck: true, resolveJsonModule: true,
})
const checker = program.getTypeChecker()
const exportsOf = (file) => checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)))
const declared = (symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol)
const isValue = (symbol) => (symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class | ts.SymbolFlags.Variable)) !== 0

/** Every exported name: where a reader imports it from, and its declaration; the main entry before the others. */
const publicNames = new Map(packages.map((name) => {
  const found = new Map()
  for (const { specifier, file } of entries.get(name)) for (const one of exportsOf(file)) if (!found.has(one.name)) found.set(one.name, { specifier, symbol: declared(one) })
  return [name, found]
}))
const givenNames = new Map([...givens].map(([name, files]) => [name, files.flatMap((file) => exportsOf(join(given, file)).map((one) => ({ name: one.name, file })))]))
for (const [name, found] of givenNames) for (const { name: one, file } of found) if (found.some((other) => other.name === one && other.file !== file)) throw new Error(`${name}: two given files export ${one}`)

const fence = /^```(?:ts|typescript)\n([\s\S]*?)\n```/m
function examplesOf(symbol) {
  return symbol.getJsDocTags(checker).filter(({ name }) => name === 'example').map(({ text }) => ts.displayPartsToString(text)).map((text) => fence.exec(text)?.[1] ?? text)
}

const wanted = positionals.length > 0 ? positionals : packages
const missing = []
const examples = []
for (const name of wanted) {
  for (const [title, { specifier, symbol }] of publicNames.get(name)) {
    const declaration = symbol.declarations?.[0]
    // What another package of ours declares is that package's to explain.
    if (!isValue(symbol) || declaration === undefined || !declaration.getSourceFile().fileName.startsWith(join(root, 'packages', name))) continue
    if (values.name !== undefined && values.name !== title) continue
    const source = declaration.getSourceFile()
    const at = `${relative(root, source.fileName)}:${source.getLineAndCharacterOfPosition(declaration.getStart()).line + 1}`
    const texts = examplesOf(symbol)
    if (texts.length === 0) missing.push(`${at}: ${title} has no example`)
    for (const text of texts) examples.push({ package: name, title, specifier, at, text })
  }
}
if (values.missing) {
  for (const line of missing) console.log(line)
  console.log(`docstring-examples: ${missing.length} public values without an example, ${examples.length} examples`)
  process.exit(missing.length === 0 ? 0 : 1)
}

/** The literal of a comment, when it is one. */
function literal(text) {
  const source = ts.createSourceFile('literal.ts', `(${text})`, ts.ScriptTarget.ES2022, true)
  if (source.parseDiagnostics.length > 0 || source.statements.length !== 1) return undefined
  const plain = (node) => ts.isStringLiteral(node) || ts.isNumericLiteral(node) || ts.isBigIntLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)
    || [ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword, ts.SyntaxKind.NullKeyword].includes(node.kind)
    || (ts.isIdentifier(node) && node.text === 'undefined')
    || (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken && plain(node.operand))
    || (ts.isParenthesizedExpression(node) && plain(node.expression))
    || (ts.isArrayLiteralExpression(node) && node.elements.every(plain))
    || (ts.isObjectLiteralExpression(node) && node.properties.every((one) => ts.isPropertyAssignment(one) && plain(one.initializer)))
    || (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && ['Date', 'Set', 'Map'].includes(node.expression.text) && (node.arguments ?? []).every(plain))
  const { expression } = source.statements[0]
  return expression !== undefined && plain(expression) ? text : undefined
}

/** The module of one example, and how many promises it makes. */
function moduleOf(example) {
  const source = ts.createSourceFile('example.ts', example.text, ts.ScriptTarget.ES2022, true)
  const used = new Set()
  const own = new Set()
  const visit = (node) => {
    if (ts.isIdentifier(node)) used.add(node.text)
    if ((ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node) || ts.isFunctionDeclaration(node)) && node.name !== undefined && ts.isIdentifier(node.name)) own.add(node.name.text)
    if (ts.isImportSpecifier(node)) own.add(node.name.text)
    ts.forEachChild(node, visit)
  }
  visit(source)
  const imports = []
  const taken = new Set(own)
  const take = (name, from, type) => { taken.add(name); imports.push(`import { ${type ? 'type ' : ''}${name} } from '${from}'`) }
  take(example.title, example.specifier, false)
  for (const { name, file } of givenNames.get(example.package)) if (used.has(name) && !taken.has(name)) take(name, `../../given/${file.replace(/ts$/, 'js')}`, false)
  for (const from of [example.package, ...packages.filter((one) => one !== example.package)])
    for (const [name, { specifier, symbol }] of publicNames.get(from)) if (used.has(name) && !taken.has(name)) take(name, specifier, !isValue(symbol))
  if (own.has(example.title)) throw new Error(`${example.at}: the example declares ${example.title} itself`)

  let promises = 0
  const lines = []
  for (const statement of source.statements) {
    const { end } = statement
    const written = example.text.slice(statement.getFullStart(), end)
    const behind = /^;?[ \t]*\/\/ ?(.*)$/m.exec(example.text.slice(end).split('\n', 1)[0] ?? '')?.[1]?.trim()
    const promised = behind === undefined ? undefined : literal(behind)
    const thrown = behind === undefined ? undefined : /^throws (\w+)$/.exec(behind)?.[1]
    if (behind !== undefined && promised === undefined && /^['"\[]/.test(behind)) problems.push(`${example.at}: the example of ${example.title} promises what is no literal: ${behind}`)
    if (thrown !== undefined && ts.isExpressionStatement(statement)) {
      promises += 1
      lines.push(`await throwing(async () => ${statement.expression.getText()}, '${thrown}')`)
    } else if (promised !== undefined && ts.isExpressionStatement(statement)) {
      promises += 1
      lines.push(`same(${statement.expression.getText()}, ${promised})`)
    } else if (promised !== undefined && ts.isVariableStatement(statement) && statement.declarationList.declarations.length === 1 && ts.isIdentifier(statement.declarationList.declarations[0].name)) {
      promises += 1
      lines.push(written, `same(${statement.declarationList.declarations[0].name.text}, ${promised})`)
    } else lines.push(written)
  }
  const text = [
    ...imports,
    `import { deepStrictEqual } from 'node:assert'`,
    'const same = (found: unknown, promised: unknown): void => deepStrictEqual(found, promised)',
    `const throwing = async (act: () => unknown, code: string): Promise<void> => {
  let error: unknown
  try { await act() } catch (thrown) { error = thrown }
  if (error === undefined) throw new Error('throws nothing, though ' + code + ' was promised')
  const found = (error as { readonly code?: string }).code ?? (error as Error).name
  if (found !== code) throw new Error('throws ' + found + ', though ' + code + ' was promised: ' + String(error))
}`,
    'void same; void throwing',
    ...(used.has(example.title) ? [] : [`void ${example.title}`]),
    '// the example', ...lines, 'export {}', '',
  ].join('\n')
  return { text, promises }
}

const problems = values.name === undefined ? [...missing] : []
const folder = join(root, 'examples', '.cache', 'docstrings')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
let promises = 0
for (const [index, example] of examples.entries()) {
  example.file = `${example.package}-${example.title}-${index}.ts`
  const made = moduleOf(example)
  promises += made.promises
  writeFileSync(join(folder, example.file), made.text)
  // An example of another name shows nothing of this one.
  if (!new RegExp(`\\b${example.title}\\b`).test(example.text)) problems.push(`${example.at}: the example of ${example.title} does not name it`)
}
const byFile = new Map(examples.map((one) => [one.file, one]))
writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
  extends: '../../../tsconfig.base.json',
  compilerOptions: { noEmit: true, noUnusedLocals: false, noUnusedParameters: false, isolatedDeclarations: false, declaration: false, noPropertyAccessFromIndexSignature: false }, include: ['*.ts'],
}))
const compiled = spawnSync(process.execPath, [join(root, 'scripts/native/node_modules/typescript/bin/tsc'), '-p', folder, '--pretty', 'false'], { cwd: folder, encoding: 'utf8' })
const unsound = new Set()
for (const line of compiled.stdout.split('\n')) {
  const [, file, rest] = /^([^(\s][^(]*\.ts)\(\d+,\d+\): (.*)$/.exec(line) ?? []
  if (file === undefined) continue
  const example = byFile.get(file)
  unsound.add(file)
  problems.push(`${example?.at ?? file}: the example of ${example?.title ?? file} does not compile: ${rest}`)
}
if (compiled.status !== 0 && unsound.size === 0) problems.push(`tsc: ${(compiled.stdout + compiled.stderr).slice(0, 2000)}`)

// One process for each package: what it gave (a sandbox, a database) is shared by its examples, in the order of their names.
for (const name of wanted) {
  const files = examples.filter((one) => one.package === name && !unsound.has(one.file)).map((one) => one.file)
  if (files.length === 0) continue
  const runner = join(folder, `run-${name}.mjs`)
  writeFileSync(runner, [
    `const failed = []`, `const log = console.log`, `console.log = () => undefined`,
    `for (const file of ${JSON.stringify(files)}) {`,
    `  const clock = setTimeout(() => { log(JSON.stringify({ file, error: 'has not ended after 90 s' })); process.exit(1) }, 90_000)`,
    `  try { await import('./' + file) } catch (error) { failed.push(file); log(JSON.stringify({ file, error: String(error?.stack ?? error).slice(0, 700) })) }`,
    `  clearTimeout(clock)`,
    `}`,
    `log(JSON.stringify({ ended: true }))`,
    // What an example leaves open (a server of the givens) is not waited for.
    `process.exit(failed.length === 0 ? 0 : 1)`, '',
  ].join('\n'))
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--conditions=@cabut/source', '--import', createRequire(import.meta.url).resolve('tsx'), runner], { cwd: root, encoding: 'utf8', timeout: 300_000, env: { ...process.env, NODE_OPTIONS: '' } })
  let ended = false
  for (const line of stdout.split('\n')) {
    if (!line.startsWith('{')) continue
    const said = JSON.parse(line)
    if (said.ended) ended = true
    else problems.push(`${byFile.get(said.file).at}: the example of ${byFile.get(said.file).title} does not hold: ${said.error}`)
  }
  if (!ended && status !== 0 && !stdout.includes('"error"')) problems.push(`${name}: the examples did not run to the end: ${stderr.slice(0, 1500)}`)
}
for (const problem of problems) console.error(`docstring-examples: ${problem}`)
console.log(`docstring-examples: ${examples.length} examples of public names in ${wanted.length} packages, ${promises} promised values; ${problems.length === 0 ? 'all hold' : `${problems.length} problem(s)`}`)
process.exitCode = problems.length === 0 ? 0 : 1
