// Looks through every file of the repository for what must not be there: private keys, tokens, passwords in addresses. `--history` looks through
// every version there ever was. What is meant for a test is named in `expected`, by file and count.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, verdict } from './repository.mjs'

const forbidden = [
  ['a private key', /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----\s*(?:\\n)?\s*[A-Za-z0-9+/=]{20}/g],
  ['a private key (JWK)', /"d"\s*:\s*"[A-Za-z0-9_-]{40,}"/g],
  ['an access key of a cloud', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g],
  ['a token of a code host', /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,}|glpat-[A-Za-z0-9_-]{20})\b/g],
  ['a token of a registry', /\bnpm_[A-Za-z0-9]{36}\b|_authToken\s*=\s*\S+/g],
  ['a token of a messenger', /\bxox[abprs]-[0-9A-Za-z-]{10,}/g],
  ['a signed token', /\beyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{20,}/g],
  ['a password in an address', /\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@'"`<>${}]{1,64}:(?!\/\/)[^\s@/'"`<>${}]{3,64}@[a-z0-9.-]+/gi],
  ['a webhook secret', /\bwhsec_[A-Za-z0-9+/]{32,}={0,2}/g],
]

/** Written for a test: invented, published as a vector, or refused by the test itself. */
const expected = JSON.parse(readFileSync(join(root, 'scripts', 'gates', 'secrets-expected.json'), 'utf8'))
const git = (...args) => {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 30 })
  if (status !== 0) throw new Error(`git ${args[0]}: ${stderr}`)
  return stdout
}

const problems = []
const seen = {}
const files = git('ls-files', '-z', '--cached', '--others', '--exclude-standard').split('\0').filter(Boolean)
for (const file of files) {
  let text
  try { text = readFileSync(join(root, file), 'latin1') } catch { continue }
  for (const [what, pattern] of forbidden) {
    const found = [...text.matchAll(pattern)]
    if (found.length === 0) continue
    const key = `${file}: ${what}`
    seen[key] = found.length
    if (expected[key]?.count !== found.length) problems.push(`${key}, line ${text.slice(0, found[0].index).split('\n').length}${found.length > 1 ? ` and ${found.length - 1} more` : ''}`)
  }
}
for (const key of Object.keys(expected)) if (seen[key] === undefined) problems.push(`secrets-expected.json names ${key}, which is not there`)
let looked = `${files.length} files`
if (process.argv.includes('--history')) {
  // Lines that were added once, wherever they went; a file's own expectations go with its name.
  let file = ''
  let commit = ''
  for (const line of git('log', '--all', '-p', '--no-color', '--unified=0', '--format=commit %H').split('\n')) {
    if (line.startsWith('commit ')) commit = line.slice(7, 17)
    else if (line.startsWith('+++ ')) file = line.slice(6)
    else if (line.startsWith('+')) for (const [what, pattern] of forbidden) if (line.search(pattern) >= 0 && expected[`${file}: ${what}`] === undefined) problems.push(`${commit} ${file}: ${what}`)
  }
  looked += ' and the whole history'
}
verdict('secrets', problems, `nothing that must not be there in ${looked}; ${Object.keys(expected).length} expected findings in tests`)
