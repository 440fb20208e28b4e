// `npm audit signatures` over what the packages bring: the registry's own signature on every run-time dependency. The packed tarballs are installed by
// npm in a scratch folder, without scripts. A registry that offers no keys makes it say SKIP and exit with 77.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runtimeDependencies } from './dependencies.mjs'

const folder = mkdtempSync(join(tmpdir(), 'cabut-signatures-'))
const npm = (...args) => spawnSync('npm', args, { cwd: folder, encoding: 'utf8', timeout: 600_000 })
try {
  const direct = runtimeDependencies().filter((one) => one.direct)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'signatures', private: true, dependencies: Object.fromEntries(direct.map(({ name, version }) => [name, version])) }))
  const installed = npm('install', '--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error')
  if (installed.status !== 0) { console.log(`SKIP: signatures: nothing could be installed: ${installed.stderr.trim().split('\n')[0]}`); process.exitCode = 77 } else {
    const { status, stdout, stderr } = npm('audit', 'signatures')
    const said = `${stdout}${stderr}`.trim()
    const verified = /(\d+) packages? (?:has|have) verified registry signatures?/.exec(said)
    if (status === 0 && verified !== null) console.log(`signatures: ${verified[0]}`)
    else if (/no keys|ENOKEYS|404|ENOTFOUND|ECONNREFUSED|not find any|No dependencies found/i.test(said)) { console.log(`SKIP: signatures: this registry offers none: ${said.split('\n')[0]}`); process.exitCode = 77 } else { console.error(`signatures: ${said}`); process.exitCode = 1 }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
