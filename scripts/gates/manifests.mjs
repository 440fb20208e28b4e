// What publint and "are the types wrong?" say about each package as it would be published. Both judge the packed tarball.
import { createPackageFromTarballData, checkPackage } from '@arethetypeswrong/core'
import { readFileSync } from 'node:fs'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { packages, verdict } from './repository.mjs'
import { packAll } from './tarballs.mjs'

/** What is meant so: the components are for browsers and bundlers, ESM alone; the command line has no declarations. */
const accepted = [
  { name: '@cabut/spbe-elements', kinds: ['CJSResolvesToESM', 'NoResolution'] },
]

const problems = []
let entries = 0
for (const tarball of packAll()) {
  const bytes = new Uint8Array(readFileSync(tarball))
  const { manifest } = packages.find((one) => tarball.split('/').at(-1).startsWith(`${one.manifest.name.replace('@', '').replace('/', '-')}-${one.manifest.version}`))
  const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, strict: true, level: 'suggestion' })
  for (const message of messages) problems.push(`${manifest.name}: publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`)
  if (Object.keys(manifest.exports).length === 1) continue
  const analysis = await checkPackage(createPackageFromTarballData(bytes))
  if (analysis.types === false) { problems.push(`${manifest.name}: no declarations`); continue }
  entries += Object.keys(analysis.entrypoints).length
  const fine = accepted.find((one) => one.name === manifest.name)?.kinds ?? []
  const said = new Set()
  for (const problem of analysis.problems) {
    const text = `${problem.kind} ${problem.entrypoint ?? problem.typesFileName ?? ''} ${problem.resolutionKind ?? ''}`.trim()
    // A file that is not code, such as a manifest or the one file for pages, has no types.
    if (fine.includes(problem.kind) || /package\.json|\.min\.js/.test(text) || said.has(text)) continue
    said.add(text)
    problems.push(`${manifest.name}: attw: ${text}`)
  }
}
verdict('manifests', problems, `publint --strict and attw have nothing to say about ${packages.length} packages, ${entries} entries`)
