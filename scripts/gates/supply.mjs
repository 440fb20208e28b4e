// The supply chain: licences, install scripts, a reason for each direct dependency, and the list of parts (CycloneDX).
// `--write` writes docs/dependencies.md anew; the list of parts goes to .cache/sbom.cdx.json.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { allowed, digest, mayBeUsed, runtimeDependencies } from './dependencies.mjs'
import { cache, packages, readJson, root, verdict } from './repository.mjs'

const problems = []
const all = runtimeDependencies()
const reasons = readJson(join(root, 'scripts', 'gates', 'dependencies.json'))
const direct = all.filter((one) => one.direct)

for (const one of all) {
  if (!mayBeUsed(one.licence)) problems.push(`${one.key} has the licence ${one.licence}; allowed are ${allowed.join(', ')}`)
  if (one.scripts.length > 0) problems.push(`${one.key} wants to run a script when it is installed (${one.scripts.join(', ')})`)
  if (one.integrity === undefined) problems.push(`${one.key} has no digest in the lock file`)
}
for (const { name } of direct) if (reasons[name] === undefined) problems.push(`${name} has no reason in scripts/gates/dependencies.json: why it, and what else was considered`)
for (const name of Object.keys(reasons)) if (!direct.some((one) => one.name === name)) problems.push(`scripts/gates/dependencies.json gives a reason for ${name}, which nothing published depends on`)

// Nothing that is installed may run a script of its own, development tools included; every version is exact and stands once, in the catalog.
const workspace = parse(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8'))
for (const [name, may] of Object.entries(workspace.allowBuilds ?? {})) if (may !== false) problems.push(`pnpm-workspace.yaml lets ${name} run scripts`)
if (workspace.onlyBuiltDependencies !== undefined || workspace.dangerouslyAllowAllBuilds === true) problems.push('pnpm-workspace.yaml lets packages run scripts')
for (const [name, version] of Object.entries({ ...workspace.catalog, ...workspace.catalogs?.native })) if (!/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version)) problems.push(`catalog: ${name} is not pinned to one version (${version})`)
for (const { manifest } of [...packages, { manifest: readJson(join(root, 'package.json')) }, { manifest: readJson(join(root, 'examples', 'package.json')) }]) {
  for (const [name, wanted] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) if (!/^(?:catalog:\w*|workspace:\*)$/.test(wanted)) problems.push(`${manifest.name}: ${name} is ${wanted}, not from the catalog`)
  for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) if (manifest.scripts?.[script] !== undefined) problems.push(`${manifest.name} has a script that runs when it is installed: ${script}`)
}
const lock = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')
if (/tarball:|https?:\/\/[^\s'"]*\.tgz/.test(lock)) problems.push('the lock file names an address to fetch from')

const users = (name) => packages.filter(({ manifest }) => manifest.dependencies?.[name] !== undefined).map(({ manifest }) => manifest.name).join(', ')
const cell = (text) => text.replaceAll('|', '\\|')
const page = [
  '# Dependencies', '',
  'What the published packages bring into an application. Written by `node scripts/gates/supply.mjs --write` from the manifests, the installed packages and',
  '`scripts/gates/dependencies.json`; `npm run check` compares. Versions are exact, stand once in the `catalog:` of `pnpm-workspace.yaml`, and are at least three days old when taken in',
  '(`minimumReleaseAge`). No package runs a script when it is installed. `@cabut/pki` has no run-time dependency.', '',
  '## Direct', '',
  '| package | version | licence | used by | why | considered instead |', '|---|---|---|---|---|---|',
  ...direct.map((one) => `| ${one.name} | ${one.version} | ${one.licence} | ${users(one.name)} | ${cell(reasons[one.name]?.why ?? '?')} | ${cell(reasons[one.name]?.instead ?? '?')} |`), '',
  '## What they bring', '',
  '| package | version | licence | needed by |', '|---|---|---|---|',
  ...all.filter((one) => !one.direct).map((one) => `| ${one.name} | ${one.version} | ${one.licence} | ${[...one.neededBy].sort().join(', ')} |`), '',
].join('\n')
const path = join(root, 'docs', 'dependencies.md')
if (process.argv.includes('--write')) writeFileSync(path, page)
if (!existsSync(path) || readFileSync(path, 'utf8') !== page) problems.push('docs/dependencies.md is not what the manifests say: node scripts/gates/supply.mjs --write')

const purl = ({ name, version }) => `pkg:npm/${name.replace('@', '%40')}@${version}`
const components = all.map((one) => ({
  type: 'library', 'bom-ref': purl(one), name: one.name, version: one.version, purl: purl(one), licenses: [{ expression: one.licence }],
  ...(one.integrity === undefined ? {} : { hashes: [{ alg: 'SHA-512', content: Buffer.from(one.integrity.replace('sha512-', ''), 'base64').toString('hex') }] }),
}))
const ours = packages.map(({ manifest }) => ({ type: 'library', 'bom-ref': purl(manifest), name: manifest.name, version: manifest.version, purl: purl(manifest), licenses: [{ expression: manifest.license }] }))
const refOf = (key) => components.find((one) => `${one.name}@${one.version}` === key)?.['bom-ref'] ?? ours.find((one) => one.name === key)?.['bom-ref']
const dependsOn = new Map([...ours, ...components].map((one) => [one['bom-ref'], new Set()]))
for (const one of all) for (const by of one.neededBy) dependsOn.get(refOf(by)).add(purl(one))
for (const { manifest } of packages) for (const name of Object.keys(manifest.dependencies ?? {})) { const own = ours.find((one) => one.name === name); if (own !== undefined) dependsOn.get(purl(manifest)).add(own['bom-ref']) }
const hex = digest(JSON.stringify(components)).slice(0, 32).replace(/^(.{12}).(.{3}).(.*)$/, '$15$2a$3').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
mkdirSync(cache(), { recursive: true })
writeFileSync(cache('sbom.cdx.json'), `${JSON.stringify({
  bomFormat: 'CycloneDX', specVersion: '1.6', serialNumber: `urn:uuid:${hex}`, version: 1,
  metadata: { component: { type: 'application', 'bom-ref': 'cabut', name: 'cabut', version: packages[0].manifest.version } },
  components: [...ours, ...components], dependencies: [...dependsOn].map(([ref, on]) => ({ ref, dependsOn: [...on].sort() })),
}, null, 2)}\n`)

verdict('supply', problems, `${direct.length} direct and ${all.length - direct.length} further run-time dependencies, all permissive, none runs a script; .cache/sbom.cdx.json written`)
