// Publishes every package at its one version. `--dry-run` does everything but: one version everywhere, a section in CHANGELOG.md, no change left behind
// in .changeset, each tarball built, packed and taken by `npm publish --dry-run`. The real run asks for a clean tree, a tag of that version, and provenance;
// it leaves alone what the registry already has at this version, so that a run which broke off is simply repeated.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { packages, root, verdict } from './gates/repository.mjs'
import { packAll } from './gates/tarballs.mjs'

const dry = process.argv.includes('--dry-run')
const problems = []
const versions = new Set(packages.map(({ manifest }) => manifest.version))
const [version] = versions
if (versions.size !== 1) problems.push(`the packages have ${versions.size} versions: ${[...versions].join(', ')}`)
if (!new RegExp(`^## ${version?.replaceAll('.', '\\.')}$`, 'm').test(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'))) problems.push(`CHANGELOG.md has no section ${version}`)
for (const { manifest, folder } of packages) {
  for (const field of ['description', 'license', 'engines', 'files', 'exports']) if (manifest[field] === undefined) problems.push(`${manifest.name}: no ${field} in its manifest`)
  if (manifest.private === true) problems.push(`${manifest.name} is private`)
  if (manifest.publishConfig?.access !== 'public') problems.push(`${manifest.name}: publishConfig.access is not public`)
  if (!existsSync(join(folder, 'README.md'))) problems.push(`${manifest.name}: no README.md`)
}
const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout.trim()
if (!dry) {
  if (git('status', '--porcelain') !== '') problems.push('the tree has changes that are not committed')
  if (!git('tag', '--points-at', 'HEAD').split('\n').includes(`v${version}`)) problems.push(`this commit does not carry the tag v${version}`)
  if (readdirSync(join(root, '.changeset')).some((name) => name.endsWith('.md') && name !== 'README.md')) problems.push('.changeset holds changes that no version has taken in: node scripts/version.mjs')
  // Provenance names the source; without the address in the manifests nobody could follow it.
  for (const { manifest } of packages) if (manifest.repository === undefined) problems.push(`${manifest.name}: no repository in its manifest, which provenance needs`)
  if (process.env.ACTIONS_ID_TOKEN_REQUEST_URL === undefined) problems.push('provenance needs a build with an identity (id-token: write); publish from .github/workflows/publish.yml')
}

/** A package after those it needs: whoever installs while we publish finds everything. */
const inOrder = new Set()
const visit = (one) => {
  for (const name of Object.keys(one.manifest.dependencies ?? {})) { const own = packages.find(({ manifest }) => manifest.name === name); if (own !== undefined) visit(own) }
  inOrder.add(one)
}
packages.forEach(visit)
const npm = (...args) => spawnSync('npm', args, { cwd: root, encoding: 'utf8' })
const isThere = ({ name }) => { const { status, stdout } = npm('view', `${name}@${version}`, 'version'); return status === 0 && stdout.trim() === version }

// What lies in dist may be of an earlier version; nothing is built where it is of these sources.
if (problems.length === 0 && spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' }).status !== 0) problems.push('the packages do not build')
if (problems.length === 0) {
  const tarballs = packAll()
  for (const { manifest } of inOrder) {
    const tarball = tarballs.find((path) => path.endsWith(`/${manifest.name.replace('@', '').replace('/', '-')}-${version}.tgz`))
    if (!dry && isThere(manifest)) { console.log(`  ${manifest.name} ${version} is there already`); continue }
    // Forced, a dry run asks no registry: it needs no network, and is still green on the day after this version came out.
    const args = ['publish', tarball, '--access', 'public', '--ignore-scripts', ...(dry ? ['--dry-run', '--force'] : ['--provenance'])]
    const { status, stdout, stderr } = npm(...args)
    if (status !== 0) { problems.push(`npm ${args.join(' ')}: ${`${stderr}${stdout}`.trim().split('\n').slice(-6).join(' | ')}`); break }
    console.log(`  ${dry ? 'would publish' : 'published'} ${tarball.split('/').at(-1)}`)
  }
}
verdict('publish', problems, `${packages.length} packages at ${version}${dry ? ', nothing was published' : ''}`)
