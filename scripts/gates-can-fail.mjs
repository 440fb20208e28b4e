// Proves that each gate of `npm run check` can fail: breaks one thing for each in a copy of the repository, runs that gate alone there, and wants red
// for the reason it broke. The copy is put right after each. `node scripts/gates-can-fail.mjs [NAME...]`. Needs a build.
import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { copyRepository } from './gates/copy.mjs'
import { gates } from './gates/gates.mjs'
import { readJson } from './gates/repository.mjs'

const copy = copyRepository(mkdtempSync(join(tmpdir(), 'cabut-broken-')), { built: true })
const at = (path) => join(copy, path)
/** Changes one text in a file of the copy; the text must be there. */
function change(path, from, to) {
  const text = readFileSync(at(path), 'utf8')
  if (!text.includes(from)) throw new Error(`${path} does not say ${from} any more: mend scripts/gates-can-fail.mjs`)
  writeFileSync(at(path), text.replace(from, to))
}
const write = (path, text) => { mkdirSync(dirname(at(path)), { recursive: true }); writeFileSync(at(path), text) }
const json = (path, edit) => { const value = readJson(at(path)); edit(value); writeFileSync(at(path), JSON.stringify(value, null, 2)) }
const git = (...args) => spawnSync('git', args, { cwd: copy, encoding: 'utf8' })
const wrongType = () => write('packages/pki/src/broken.ts', 'export const broken: number = \'no number\'\n')

/** gate, what is broken, what it touches, how, what the gate must say; how it is run where less than all of it shows the fault sooner. */
const breaks = [
  ['build', 'a source that does not compile', ['packages/spbe-elements/src/index.ts', 'packages/spbe-elements/dist'], () => appendFileSync(at('packages/spbe-elements/src/index.ts'), 'export const = 1\n'), /building .*spbe-elements failed/],
  ['lint', 'a promise nobody awaits', ['packages/pki/src/broken.ts'], () => write('packages/pki/src/broken.ts', 'export function broken(): void { Promise.resolve(1) }\n'), /no-floating-promises/, ['node_modules/eslint/bin/eslint.js', 'packages/pki/src/broken.ts', '--max-warnings=0']],
  ['lint', 'a console in a library', ['packages/pki/src/broken.ts'], () => write('packages/pki/src/broken.ts', 'export function broken(): void { console.log(1) }\n'), /no-console/, ['node_modules/eslint/bin/eslint.js', 'packages/pki/src/broken.ts', '--max-warnings=0']],
  ['types', 'a wrong type', ['packages/pki/src/broken.ts'], wrongType, /broken\.ts.*TS2322/],
  ['types-native', 'a wrong type', ['packages/pki/src/broken.ts'], wrongType, /broken\.ts.*TS2322/],
  ['types-pure', 'a page in a pure folder', ['packages/pki/src/name/broken.ts'], () => write('packages/pki/src/name/broken.ts', 'export const broken: string = document.title\n'), /broken\.ts.*document/],
  ['architecture', 'pki imports the SDK', ['packages/pki/src/broken.ts'], () => write('packages/pki/src/broken.ts', "export { createDesk } from '@cabut/sdk'\n"), /pki may not import sdk/],
  ['architecture', 'a file too long', ['packages/pki/src/broken.ts'], () => write('packages/pki/src/broken.ts', 'export {}\n'.repeat(701)), /broken\.ts has 701 lines/],
  ['knip', 'a file nobody imports', ['packages/pki/src/broken.ts'], () => write('packages/pki/src/broken.ts', 'export const broken = 1\n'), /broken\.ts/],
  ['knip-production', 'a dependency only tests use', ['packages/pki/package.json'], () => json('packages/pki/package.json', (one) => { one.dependencies = { 'fast-check': 'catalog:' }; delete one.devDependencies['fast-check'] }), /fast-check/],
  ['supply', 'a dependency without a reason', ['scripts/gates/dependencies.json'], () => json('scripts/gates/dependencies.json', (one) => { delete one.zod }), /zod has no reason/],
  ['supply', 'a licence that is not on the list', ['scripts/gates/dependencies.mjs'], () => change('scripts/gates/dependencies.mjs', "'Zlib', ", ''), /pako@.* has the licence/],
  ['supply', 'a package that may run scripts', ['pnpm-workspace.yaml'], () => change('pnpm-workspace.yaml', 'esbuild: false', 'esbuild: true'), /lets esbuild run scripts/],
  ['entries', 'a limit raised in the code alone', ['packages/pki/src/name/parse.ts'], () => change('packages/pki/src/name/parse.ts', '262_144', '999_999'), /maxNameText is not 262144/],
  ['entries', 'a test that went away', ['packages/cli/test/hostile-input.heavy.test.ts'], () => rmSync(at('packages/cli/test/hostile-input.heavy.test.ts')), /there is no packages\/cli\/test\/hostile-input/],
  ['secrets', 'a private key', ['packages/pki/src/broken.ts'], () => write('packages/pki/src/broken.ts', `export const key = \`-----BEGIN ${'PRIVATE'} KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\``), /broken\.ts: a private key, line 1/],
  ['secrets', 'a token that was taken out again', ['packages/pki/src/broken.ts'], () => {
    write('packages/pki/src/broken.ts', `export const token = 'npm_${'a1B2'.repeat(9)}'\n`)
    git('add', '-A'); git('commit', '-qm', 'in'); rmSync(at('packages/pki/src/broken.ts')); git('commit', '-qam', 'out')
  }, /broken\.ts: a token of a registry/],
  ['public-types', 'zod in a declaration', ['packages/pki/dist/index.d.ts'], () => appendFileSync(at('packages/pki/dist/index.d.ts'), "export type Broken = import('zod').ZodType\n"), /mentions zod/],
  ['manifests', 'an entry without its file', ['packages/pki/package.json'], () => json('packages/pki/package.json', (one) => { one.exports['./broken'] = './dist/broken.js' }), /publint: .*broken/],
  ['manifests', 'declarations of the wrong kind', ['packages/pki/package.json'], () => json('packages/pki/package.json', (one) => { one.exports['./name'].require.types = './dist/name/index.d.ts' }), /attw: FalseESM/],
  ['consumers', 'a dependency that is not declared', ['packages/sdk/package.json'], () => json('packages/sdk/package.json', (one) => { delete one.dependencies.fflate }), /fflate/, ['scripts/gates/consumers.mjs', '--loads', '--types', '']],
  ['consumers', 'a declaration that does not compile', ['packages/pki/dist/name/index.d.ts'], () => appendFileSync(at('packages/pki/dist/name/index.d.ts'), 'export declare const broken: NoSuchType\n'), /NoSuchType/, ['scripts/gates/consumers.mjs', '--types', '7.0.2']],
  ['size', 'an entry that grew', ['scripts/gates/size-budget.json'], () => json('scripts/gates/size-budget.json', (one) => { one['@cabut/pki/name'] = 9000 }), /@cabut\/pki\/name is \d+ octets, its budget is 9000/],
  ['blocks', 'a block nobody runs', ['docs/operations.md'], () => appendFileSync(at('docs/operations.md'), '\n```ini\n[Service]\n```\n'), /docs\/operations\.md:\d+: a block of ini is neither run nor marked/],
  ['examples', 'an example that promises another value', ['packages/sdk/src/history/canonical.ts'], () => change('packages/sdk/src/history/canonical.ts', "// '{\"a\"", "// '{\"broken\""), /the example of canonicalJson does not hold/, ['scripts/docstring-examples.mjs', 'sdk', '--name', 'canonicalJson']],
  ['examples', 'a public name without an example', ['packages/pki/src/name/index.ts'], () => appendFileSync(at('packages/pki/src/name/index.ts'), '/** Broken (RFC 4514). */\nexport const broken = 1\n'), /broken has no example/, ['scripts/docstring-examples.mjs', 'pki', '--missing']],
  ['docs', 'a word that the glossary page lacks', ['docs/glossary.json'], () => json('docs/glossary.json', (words) => { words[0].meaning.en += ', broken' }), /docs\/en\/glossary\.md is not what its data gives/],
  ['docs', 'a measured number that was written by hand', ['docs/bench-service.md'], () => change('docs/bench-service.md', '| reached |', '| reached well |'), /docs\/bench-service\.md is not the last line of its history/],
  ['docs', 'a number that no script produced', ['docs/en/concept/receipt.md'], () => appendFileSync(at('docs/en/concept/receipt.md'), '\n## Speed\n\nA receipt is written in 3 ms.\n'), /docs\/en\/concept\/receipt\.md: "3 ms" below "## Speed": no script is named/],
  ['docs', 'a page in no table', ['docs/id/broken.md', 'docs/reference'], () => { write('docs/id/broken.md', '# Rusak\n'); write('docs/reference/README.md', '# Cabut\n') }, /docs\/id\/broken\.md is in no table/, ['scripts/docs.mjs', '--site']],
  ['docs', 'a link to a page that is not there', ['docs/en/start.md', 'docs/reference'], () => { appendFileSync(at('docs/en/start.md'), '\n[on](broken.md)\n'); write('docs/reference/README.md', '# Cabut\n') }, /docs\/en\/start\.md: broken\.md does not exist/, ['scripts/docs.mjs', '--site']],
  ['docs', 'an entry that cannot be read', ['packages/pki/src/name/index.ts', 'docs/reference'], () => appendFileSync(at('packages/pki/src/name/index.ts'), "export { broken } from './broken.js'\n"), /broken\.js/, ['scripts/docs.mjs', '--reference']],
  ['publish', 'two versions', ['packages/pki/package.json'], () => json('packages/pki/package.json', (one) => { one.version += '-broken' }), /the packages have 2 versions/],
  ['publish', 'no section in CHANGELOG.md', ['CHANGELOG.md'], () => change('CHANGELOG.md', `## ${readJson(at('packages/pki/package.json')).version}\n`, '## Broken\n'), /CHANGELOG\.md has no section/],
]

git('init', '-q'); git('config', 'user.name', 'x'); git('config', 'user.email', 'x@example.invalid'); git('add', '-A'); git('commit', '-qm', 'as it is')
const asked = process.argv.slice(2)
for (const name of asked) if (!gates.some(([gate]) => gate === name)) throw new TypeError(`no gate ${name}; there are ${gates.map(([gate]) => gate).join(', ')}`)
const failures = gates.filter(([name]) => !breaks.some(([gate]) => gate === name)).map(([name]) => `${name}: nothing is broken for it; add a break`)
for (const [gate] of breaks) if (!gates.some(([name]) => name === gate)) failures.push(`${gate} is broken and is no gate of npm run check`)
const kept = join(copy, '.cache', 'kept')
let tried = 0
let proven = 0
try {
  for (const [gate, what, paths, spoil, reason, args = gates.find(([name]) => name === gate)[2]] of breaks) {
    if (asked.length > 0 && !asked.includes(gate)) continue
    const started = performance.now()
    for (const path of paths) if (existsSync(at(path))) cpSync(at(path), join(kept, path), { recursive: true })
    spoil()
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8', timeout: 900_000, maxBuffer: 2 ** 28 })
    for (const path of paths) {
      rmSync(at(path), { recursive: true, force: true })
      if (existsSync(join(kept, path))) cpSync(join(kept, path), at(path), { recursive: true })
    }
    rmSync(kept, { recursive: true, force: true })
    const said = `${stdout}${stderr}`
    const red = status !== null && status !== 0 && reason.test(said)
    console.log(`${red ? 'red, as it should be' : 'NOT NOTICED'}  ${gate}: ${what} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
    tried += 1
    if (red) proven += 1
    else failures.push(`${gate}: ${what}: exit code ${status}, ${said.trim().split('\n').slice(-4).join(' | ').slice(0, 600)}`)
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}
for (const failure of failures) console.error(`gates-can-fail: ${failure}`)
console.log(`gates-can-fail: ${proven} of ${tried} broken things were noticed for the right reason`)
process.exitCode = failures.length === 0 && proven > 0 ? 0 : 1
