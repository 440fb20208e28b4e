// Proves that each gate of `npm run check` can fail: breaks one thing for each in a copy of the repository, runs that gate alone there, and wants red
// for the reason it broke. The copy is put right after each. `node scripts/gates-can-fail.mjs [NAME...]`. Needs a build.
import { spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { copyRepository } from './gates/copy.mjs'
import { root } from './gates/repository.mjs'

const copy = copyRepository(mkdtempSync(join(tmpdir(), 'cabut-broken-')), { built: true })
const at = (path) => join(copy, path)
/** Changes one text in a file of the copy; the text must be there. */
function change(path, from, to) {
  const text = readFileSync(at(path), 'utf8')
  if (!text.includes(from)) throw new Error(`${path} does not say ${from} any more: mend scripts/gates-can-fail.mjs`)
  writeFileSync(at(path), text.replace(from, to))
}
const write = (path, text) => { mkdirSync(dirname(at(path)), { recursive: true }); writeFileSync(at(path), text) }
const json = (path, edit) => { const value = JSON.parse(readFileSync(at(path), 'utf8')); edit(value); writeFileSync(at(path), JSON.stringify(value, null, 2)) }
const git = (...args) => spawnSync('git', args, { cwd: copy, encoding: 'utf8' })
const nativeTsc = 'scripts/native/node_modules/typescript/bin/tsc'
const wrongType = () => write('packages/pki/src/broken.ts', 'export const broken: number = \'no number\'\n')

/** gate, what is broken, the files touched, how, how the gate runs, what it must say. */
const breaks = [
  ['build', 'a source that does not compile', ['packages/spbe-elements/src/index.ts'], () => appendFileSync(at('packages/spbe-elements/src/index.ts'), 'export const = 1\n'), [join(copy, 'node_modules/tsup/dist/cli-default.js'), '--silent', '--no-dts'], /error|Error/, 'packages/spbe-elements'],
  ['lint', 'a promise nobody awaits', ['packages/pki/src/broken.ts'], () => write('packages/pki/src/broken.ts', 'export function broken(): void { Promise.resolve(1) }\n'), ['node_modules/eslint/bin/eslint.js', 'packages/pki/src/broken.ts', '--max-warnings=0'], /no-floating-promises/],
  ['lint', 'a console in a library', ['packages/pki/src/broken.ts'], () => write('packages/pki/src/broken.ts', 'export function broken(): void { console.log(1) }\n'), ['node_modules/eslint/bin/eslint.js', 'packages/pki/src/broken.ts', '--max-warnings=0'], /no-console/],
  ['types', 'a wrong type', ['packages/pki/src/broken.ts'], wrongType, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--noEmit'], /broken\.ts.*TS2322/],
  ['types-native', 'a wrong type', ['packages/pki/src/broken.ts'], wrongType, [nativeTsc, '-p', 'tsconfig.json', '--noEmit'], /broken\.ts.*TS2322/],
  ['types-pure', 'a page in a pure folder', ['packages/pki/src/name/broken.ts'], () => write('packages/pki/src/name/broken.ts', 'export const broken: string = document.title\n'), ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.pure.json', '--noEmit'], /broken\.ts.*document/],
  ['architecture', 'pki imports the SDK', ['packages/pki/src/broken.ts'], () => write('packages/pki/src/broken.ts', "export { createDesk } from '@cabut/sdk'\n"), ['scripts/architecture.mjs'], /pki may not import sdk/],
  ['architecture', 'a file too long', ['packages/pki/src/broken.ts'], () => write('packages/pki/src/broken.ts', 'export {}\n'.repeat(701)), ['scripts/architecture.mjs'], /broken\.ts has 701 lines/],
  ['knip', 'a file nobody imports', ['packages/pki/src/broken.ts'], () => write('packages/pki/src/broken.ts', 'export const broken = 1\n'), ['node_modules/knip/bin/knip.js', '--no-progress'], /broken\.ts/],
  ['knip-production', 'a dependency only tests use', ['packages/pki/package.json'], () => json('packages/pki/package.json', (one) => { one.dependencies = { 'fast-check': 'catalog:' }; delete one.devDependencies['fast-check'] }), ['node_modules/knip/bin/knip.js', '--no-progress', '--production', '--strict'], /fast-check/],
  ['supply', 'a dependency without a reason', ['scripts/gates/dependencies.json'], () => json('scripts/gates/dependencies.json', (one) => { delete one.zod }), ['scripts/gates/supply.mjs'], /zod has no reason/],
  ['supply', 'a licence that is not on the list', ['scripts/gates/dependencies.mjs'], () => change('scripts/gates/dependencies.mjs', "'Zlib', ", ''), ['scripts/gates/supply.mjs'], /pako@.* has the licence/],
  ['supply', 'a package that may run scripts', ['pnpm-workspace.yaml'], () => change('pnpm-workspace.yaml', 'esbuild: false', 'esbuild: true'), ['scripts/gates/supply.mjs'], /lets esbuild run scripts/],
  ['entries', 'a limit raised in the code alone', ['packages/pki/src/name/parse.ts'], () => change('packages/pki/src/name/parse.ts', '262_144', '999_999'), ['scripts/gates/entries.mjs'], /maxNameText is not 262144/],
  ['entries', 'a test that went away', ['packages/cli/test/hostile-input.test.ts'], () => rmSync(at('packages/cli/test/hostile-input.test.ts')), ['scripts/gates/entries.mjs'], /there is no packages\/cli\/test\/hostile-input/],
  ['secrets', 'a private key', ['packages/pki/src/broken.ts'], () => write('packages/pki/src/broken.ts', `export const key = \`-----BEGIN ${'PRIVATE'} KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\``), ['scripts/gates/secrets.mjs'], /broken\.ts: a private key, line 1/],
  ['secrets', 'a token that was taken out again', ['packages/pki/src/broken.ts'], () => {
    write('packages/pki/src/broken.ts', `export const token = 'npm_${'a1B2'.repeat(9)}'\n`)
    git('add', '-A'); git('commit', '-qm', 'in'); rmSync(at('packages/pki/src/broken.ts')); git('commit', '-qam', 'out')
  }, ['scripts/gates/secrets.mjs', '--history'], /broken\.ts: a token of a registry/],
  ['public-types', 'zod in a declaration', ['packages/pki/dist/index.d.ts'], () => appendFileSync(at('packages/pki/dist/index.d.ts'), "export type Broken = import('zod').ZodType\n"), ['scripts/check-public-types.mjs'], /mentions zod/],
  ['manifests', 'an entry without its file', ['packages/pki/package.json'], () => json('packages/pki/package.json', (one) => { one.exports['./broken'] = './dist/broken.js' }), ['scripts/gates/manifests.mjs'], /publint: .*broken/],
  ['manifests', 'declarations of the wrong kind', ['packages/pki/package.json'], () => json('packages/pki/package.json', (one) => { one.exports['./name'].require.types = './dist/name/index.d.ts' }), ['scripts/gates/manifests.mjs'], /attw: FalseESM/],
  ['consumers', 'a dependency that is not declared', ['packages/sdk/package.json'], () => json('packages/sdk/package.json', (one) => { delete one.dependencies.fflate }), ['scripts/gates/consumers.mjs', '--loads', '--types', ''], /fflate/],
  ['consumers', 'a declaration that does not compile', ['packages/pki/dist/name/index.d.ts'], () => appendFileSync(at('packages/pki/dist/name/index.d.ts'), 'export declare const broken: NoSuchType\n'), ['scripts/gates/consumers.mjs', '--types', '7.0.2'], /NoSuchType/],
  ['size', 'an entry that grew', ['scripts/gates/size-budget.json'], () => json('scripts/gates/size-budget.json', (one) => { one['@cabut/pki/name'] = 9000 }), ['scripts/gates/size.mjs'], /@cabut\/pki\/name is \d+ octets, its budget is 9000/],
  ['publish', 'two versions', ['packages/pki/package.json'], () => json('packages/pki/package.json', (one) => { one.version = '0.2.0' }), ['scripts/publish.mjs', '--dry-run'], /the packages have 2 versions/],
  ['publish', 'no section in CHANGELOG.md', ['CHANGELOG.md'], () => change('CHANGELOG.md', '## 0.1.0', '## 0.0.9'), ['scripts/publish.mjs', '--dry-run'], /CHANGELOG\.md has no section/],
]

git('init', '-q'); git('config', 'user.name', 'x'); git('config', 'user.email', 'x@example.invalid'); git('add', '-A'); git('commit', '-qm', 'as it is')
const asked = process.argv.slice(2)
const failures = []
let proven = 0
try {
  for (const [gate, what, files, spoil, args, reason, folder = '.'] of breaks) {
    if (asked.length > 0 && !asked.includes(gate)) continue
    const started = performance.now()
    const kept = files.map((file) => [file, existsSync(at(file)) ? readFileSync(at(file)) : undefined])
    spoil()
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: at(folder), encoding: 'utf8', timeout: 900_000, maxBuffer: 2 ** 28 })
    for (const [file, bytes] of kept) if (bytes === undefined) rmSync(at(file), { force: true }); else writeFileSync(at(file), bytes)
    const said = `${stdout}${stderr}`
    const red = status !== 0 && reason.test(said)
    console.log(`${red ? 'red, as it should be' : 'NOT NOTICED'}  ${gate}: ${what} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
    if (red) proven += 1
    else failures.push(`${gate}: ${what}: exit code ${status}, ${said.trim().split('\n').slice(-4).join(' | ').slice(0, 600)}`)
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}
for (const failure of failures) console.error(`gates-can-fail: ${failure}`)
const known = [...readFileSync(join(root, 'scripts', 'check.mjs'), 'utf8').matchAll(/^ {2}\['([\w-]+)', '/gm)].map(([, name]) => name)
const untried = known.filter((name) => !breaks.some(([gate]) => gate === name))
if (asked.length === 0 && untried.length > 0) console.log(`not tried here: ${untried.join(', ')}`)
console.log(`gates-can-fail: ${proven} of ${proven + failures.length} broken things were noticed for the right reason`)
process.exitCode = failures.length === 0 && proven > 0 ? 0 : 1
