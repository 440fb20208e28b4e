// Reads the tables of ARCHITECTURE.md and fails on a breach: a forbidden package import, a deep import, an undeclared dependency,
// an import cycle, impurity in a pure folder, or a file too long to be one thing.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const builtins = new Set(builtinModules)

/** Rows of the first Markdown table below a heading, as arrays of trimmed cells. */
export function tableBelow(markdown, heading) {
  const section = markdown.split(/^## /m).find((part) => part.startsWith(heading))
  if (section === undefined) throw new Error(`ARCHITECTURE.md has no section "${heading}"`)
  const rows = section.split('\n').filter((line) => line.startsWith('|'))
  return rows.slice(2).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()))
}

function readMap(root) {
  const markdown = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  const packages = tableBelow(markdown, 'Packages').map(([folder, name, , imports]) => ({
    folder,
    name,
    path: folder === 'examples' ? 'examples' : join('packages', folder),
    mayImport: imports === '-' ? [] : imports.split(',').map((item) => item.trim()),
  }))
  const adapters = tableBelow(markdown, 'Adapters').map(([folder, subpaths, names]) => ({
    folder, subpaths: subpaths.split(',').map((item) => item.trim()), refused: new Set(names.split(',').map((item) => item.trim())),
  }))
  return { packages, adapters, pure: tableBelow(markdown, 'Pure folders').map(([folder]) => folder) }
}

function sourceFiles(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((name) => {
    if (name === 'node_modules' || name === 'dist' || name === 'bench' || name.startsWith('.')) return []
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return sourceFiles(path)
    return /\.(ts|mts|tsx)$/.test(name) && !name.endsWith('.d.ts') ? [path] : []
  })
}

function importsOf(path, text) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
  const found = []
  const visit = (node) => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined) {
      const typeOnly = ts.isImportDeclaration(node) ? node.importClause?.isTypeOnly === true : node.isTypeOnly
      const bindings = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : node.exportClause
      const names = bindings === undefined ? ['*'] : ts.isNamedImports(bindings) || ts.isNamedExports(bindings) ? bindings.elements.map((one) => (one.propertyName ?? one.name).text) : ['*']
      found.push({ specifier: node.moduleSpecifier.text, typeOnly, names })
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword && ts.isStringLiteral(node.arguments[0])) {
      found.push({ specifier: node.arguments[0].text, typeOnly: false, lazy: true })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return { source, found }
}

const impureCalls = new Set(['fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'structuredClone', 'require'])
const impureMembers = { Date: ['now'], Math: ['random'], performance: ['now'], crypto: null, process: null, globalThis: null }

function impurities(source) {
  const found = []
  const at = (node, what) => found.push(`${what} at line ${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`)
  const visit = (node) => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && impureCalls.has(node.expression.text)) at(node, `${node.expression.text}()`)
    if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments ?? []).length === 0) at(node, 'new Date()')
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression) && Object.hasOwn(impureMembers, node.expression.text)) {
      const members = impureMembers[node.expression.text]
      if (members === null || members.includes(node.name.text)) at(node, node.getText())
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function resolveRelative(from, specifier) {
  const base = resolve(dirname(from), specifier)
  for (const candidate of [base.replace(/\.js$/, '.ts'), base, `${base}.ts`, join(base, 'index.ts')]) {
    if (existsSync(candidate) && statSync(candidate).isFile()) return candidate
  }
  return undefined
}

function cycles(graph) {
  const state = new Map()
  const found = []
  const walk = (node, trail) => {
    state.set(node, 'open')
    for (const next of graph.get(node) ?? []) {
      if (state.get(next) === 'open') found.push([...trail.slice(trail.indexOf(next)), next])
      else if (!state.has(next)) walk(next, [...trail, next])
    }
    state.set(node, 'done')
  }
  for (const node of graph.keys()) if (!state.has(node)) walk(node, [node])
  return found
}

/** A file above this many lines is looked at, and stands in the table with its reason; above the second number it is split. */
const long = 400
const tooLong = 700

/** Every code file with its lines. */
function codeFiles(root) {
  const every = (folder) => !existsSync(folder) ? [] : readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (['node_modules', 'dist', 'data', 'corpus'].includes(name) || name.startsWith('.')) return []
    return statSync(path).isDirectory() ? every(path) : /\.(?:ts|mts|mjs|js)$/.test(name) ? [path] : []
  })
  return ['packages', 'examples', 'scripts', 'test'].flatMap((name) => every(join(root, name))).map((path) => ({ path: relative(root, path), lines: readFileSync(path, 'utf8').split('\n').length - 1 }))
}

function longFiles(root) {
  const markdown = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  const explained = /^## Long files/m.test(markdown) ? tableBelow(markdown, 'Long files').map(([path]) => path) : []
  const found = []
  const met = new Set()
  for (const { path: shown, lines } of codeFiles(root)) {
    if (lines > long) met.add(shown)
    if (lines > tooLong) found.push(`${shown} has ${lines} lines; ${tooLong} are the most`)
    else if (lines > long && !explained.includes(shown)) found.push(`${shown} has ${lines} lines; above ${long} the table "Long files" of ARCHITECTURE.md says why`)
  }
  for (const path of explained) if (!met.has(path)) found.push(`${path} stands in the table of long files, but has at most ${long} lines`)
  return found
}

/** @returns {string[]} one line per breach, empty when the tree obeys ARCHITECTURE.md */
export function checkArchitecture(root) {
  const { packages, adapters, pure } = readMap(root)
  const breaches = []
  const onDisk = readdirSync(join(root, 'packages')).filter((name) => existsSync(join(root, 'packages', name, 'package.json')))
  for (const folder of onDisk) if (!packages.some((row) => row.folder === folder)) breaches.push(`packages/${folder} is not in the table of ARCHITECTURE.md`)
  const graph = new Map()
  for (const row of packages) {
    const top = join(root, row.path)
    if (!existsSync(join(top, 'package.json'))) { breaches.push(`${row.path} is in the table but has no package.json`); continue }
    const manifest = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'))
    if (manifest.name !== row.name) breaches.push(`${row.path} is named ${manifest.name}, the table says ${row.name}`)
    for (const path of sourceFiles(top)) {
      const shown = relative(root, path)
      const isTest = /\.(test|test-d)\.ts$/.test(path) || shown.startsWith(join(row.path, 'test'))
      const isConfig = /\.config\.ts$/.test(path)
      if (isConfig) continue
      const { source, found } = importsOf(path, readFileSync(path, 'utf8'))
      const edges = []
      const adapter = isTest ? undefined : adapters.find((one) => one.folder === row.folder)
      for (const { specifier, typeOnly, lazy, names = [] } of found) {
        if (specifier.startsWith('.')) {
          const target = resolveRelative(path, specifier)
          if (target === undefined) { if (!specifier.endsWith('.json')) breaches.push(`${shown} imports ${specifier}, which does not exist`); continue }
          if (relative(top, target).startsWith('..') && !isTest) breaches.push(`${shown} reaches out of its package: ${specifier}`)
          if (!typeOnly && lazy !== true) edges.push(target)
          continue
        }
        if (specifier.startsWith('#')) continue
        const name = specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : specifier.split('/')[0]
        if (specifier.startsWith('node:') || builtins.has(specifier)) continue
        const ours = packages.find((other) => other.name === name)
        if (ours !== undefined) {
          const allowed = ours.folder === row.folder || row.mayImport.includes(ours.folder) || (isTest && ours.folder === 'sandbox')
          if (!allowed) breaches.push(`${shown}: ${row.folder} may not import ${ours.folder}`)
          if (adapter !== undefined && ours.folder === 'sdk') {
            const subpath = specifier.slice(name.length + 1) || '.'
            if (!adapter.subpaths.includes(subpath)) breaches.push(`${shown}: the adapter ${row.folder} may not import ${specifier}`)
            for (const one of names) if (adapter.refused.has(one) || (one === '*' && subpath === '.')) breaches.push(`${shown}: the adapter ${row.folder} may not import ${one} of ${specifier}`)
          }
          const other = JSON.parse(readFileSync(join(root, ours.path, 'package.json'), 'utf8'))
          const subpath = `.${specifier.slice(name.length)}`
          if (other.exports?.[subpath] === undefined) breaches.push(`${shown}: deep import ${specifier} (not in the exports of ${ours.name})`)
        }
        const declared = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies, ...(isTest ? manifest.devDependencies : {}) }
        const isRootTool = isTest && ['vitest', 'fast-check', 'yaml', 'typescript', 'tsup', 'tsx'].includes(name)
        if (name !== row.name && declared[name] === undefined && !isRootTool) breaches.push(`${shown} imports ${name}, which ${row.path}/package.json does not declare`)
      }
      graph.set(path, edges)
      if (!isTest && pure.some((folder) => shown.startsWith(folder + '/'))) {
        for (const { specifier } of found) if (specifier.startsWith('node:') || builtins.has(specifier)) breaches.push(`${shown}: a pure folder imports ${specifier}`)
        for (const what of impurities(source)) breaches.push(`${shown}: a pure folder uses ${what}`)
      }
    }
  }
  for (const cycle of cycles(graph)) breaches.push(`import cycle: ${cycle.map((path) => relative(root, path)).join(' -> ')}`)
  breaches.push(...longFiles(root))
  return breaches
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
  const breaches = checkArchitecture(root)
  for (const breach of breaches) console.error(`architecture: ${breach}`)
  // Files that only pass on what others hold, and settings, are doors, not rooms.
  const rooms = codeFiles(root).filter(({ path }) => !/(?:^|\/)index\.ts$|\.config\.\w+$/.test(path)).map(({ lines }) => lines).sort((a, b) => a - b)
  console.log(`architecture: ${rooms.length} code files, median ${rooms[rooms.length >> 1]} lines, the longest ${rooms.at(-1)}`)
  console.log(breaches.length === 0 ? 'architecture: the import table, purity, cycles and sizes of files hold' : `architecture: ${breaches.length} breach(es)`)
  process.exitCode = breaches.length === 0 ? 0 : 1
}
