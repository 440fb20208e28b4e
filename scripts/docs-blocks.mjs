// Checks every code block of README and docs (see docs/blocks.mjs), then runs the paths: what a reader does, in the order of the page, as one script.
// `--paths` runs the paths alone, `--blocks` the blocks alone, `--path NAME` one path. `--prove` breaks one block of each kind and expects each to be noticed.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { blocksOf, checkCommands, checkOutput, compile, pagesOf, pathsOf, runPath } from './docs/blocks.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const has = (flag) => process.argv.includes(flag)
const only = has('--path') ? process.argv[process.argv.indexOf('--path') + 1] : undefined
/** The order in which a reader meets them; a path may use what an earlier one left behind. */
const order = ['start', 'officer', 'region', 'openssl']
const withoutNode = new Set(['openssl'])

const helps = new Map()
/** The help of the longest command these words begin with; undefined when there is none. */
function helpOf(words) {
  const names = words.filter((word) => /^[a-z][a-z-]*$/.test(word)).slice(0, 2)
  if (names.length === 0) return words.some((word) => word === '--help') ? '--help' : undefined
  for (const tried of [names, names.slice(0, 1)]) {
    const key = tried.join(' ')
    if (!helps.has(key)) {
      const { status, stdout } = spawnSync(process.execPath, [join(root, 'packages/cli/dist/bin.js'), ...tried, '--help', '--lang', 'en'], { encoding: 'utf8' })
      helps.set(key, status === 0 && stdout.includes(`Usage: cabut ${key}`) ? stdout : undefined)
    }
    const help = helps.get(key)
    if (help !== undefined && !(tried.length === 1 && /<command>|\[command\]/.test(help.split('\n')[0]))) return help
  }
  return undefined
}

const lint = {
  json: (text) => JSON.parse(text),
  yaml: (text) => parse(text),
  php: (text) => {
    const { status, stdout, error } = spawnSync('php', ['-l'], { input: text.trimStart().startsWith('<?php') ? text : `<?php\n${text}`, encoding: 'utf8' })
    if (error !== undefined) console.log('SKIP: php is not installed; php blocks are not linted')
    else if (status !== 0) throw new Error(stdout.trim())
  },
}

/** @returns {string[]} problems */
function checkBlocks(blocks) {
  const problems = []
  const scripts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts
  const counts = {}
  const count = (what) => { counts[what] = (counts[what] ?? 0) + 1 }
  pathsOf(blocks, problems)
  let printed = ''
  const ts = blocks.filter(({ language, kind }) => language === 'ts' && kind !== 'from' && kind !== 'illustration')
  compile(root, ts, problems)
  for (const block of blocks) {
    const at = `${block.page}:${block.line}`
    if (block.kind === 'illustration') {
      count('illustrations')
      if (block.value.length < 15) problems.push(`${at}: an illustration must say why it is only that`)
    } else if (block.kind === 'from') {
      count('taken from a file')
      const file = join(root, block.value)
      if (!existsSync(file) || !readFileSync(file, 'utf8').includes(block.text.trim())) problems.push(`${at}: does not stand in ${block.value}`)
    } else if (block.kind === 'output') {
      count('shown output')
      if (block.value === 'run-ts') checkOutput(block, printed, problems)
    } else if (block.kind === 'run') count('steps of paths')
    else if (block.language === 'ts') {
      count('compiled')
      if (block.kind === 'run-ts') {
        const { status, stdout, stderr } = spawnSync(process.execPath, ['--conditions=@cabut/source', '--import', createRequire(import.meta.url).resolve('tsx'), block.file], { cwd: root, encoding: 'utf8', timeout: 60_000 })
        printed = stdout
        if (status !== 0) problems.push(`${at}: does not run: ${stderr.slice(0, 500)}`)
        count('run')
      }
    } else if (block.language === 'sh') {
      count('commands looked up')
      checkCommands({ ...block, root }, { helpOf, scripts }, problems)
    } else if (block.language === 'mermaid' && /Generated|generated/.test(readFileSync(join(root, block.page), 'utf8').slice(0, 1500))) count('diagrams of generated pages')
    else if (lint[block.language] !== undefined) {
      count('parsed')
      try {
        lint[block.language](block.text)
      } catch (error) {
        problems.push(`${at}: ${error.message}`)
      }
    } else problems.push(`${at}: a block of ${block.language || 'no language'} is neither run nor marked as illustration or output`)
  }
  console.log(`docs-blocks: ${blocks.length} blocks: ${Object.entries(counts).map(([what, number]) => `${number} ${what}`).join(', ')}`)
  return problems
}

function runPaths(blocks) {
  const problems = []
  const paths = pathsOf(blocks, problems)
  for (const name of paths.keys()) if (!order.includes(name)) problems.push(`the path "${name}" has no place in the order`)
  for (const name of order.filter((one) => only === undefined || one === only)) {
    const path = paths.get(name)
    if (path === undefined) { problems.push(`the path "${name}" is on no page`); continue }
    const { status, output, seconds } = runPath(root, name, path, { withoutNode: withoutNode.has(name) })
    console.log(`path ${name}: ${path.page}, ${path.steps.length} steps: ${status === 0 ? 'ok' : `FAILED (${status})`} (${seconds.toFixed(1)} s)`)
    if (status !== 0) problems.push(`${path.page}: the path "${name}" ended with ${status}:\n${output.slice(-3000)}`)
    else for (const block of blocks.filter(({ kind, value }) => kind === 'output' && value === name)) checkOutput(block, output, problems)
  }
  return problems
}

function allBlocks() {
  return pagesOf(root).flatMap((path) => blocksOf(readFileSync(path, 'utf8'), relative(root, path)))
}

/** Each kind of mistake, made on purpose, must be noticed. */
function prove() {
  const page = (text) => blocksOf(text, 'made-on-purpose.md')
  const mistakes = {
    'ts that does not compile': page('```ts\nimport { nothing } from \'@cabut/sdk\'\nconst a: number = \'x\'\n```\n'),
    'ts that fails when run': page('<!-- run-ts -->\n```ts\nthrow new Error(\'x\')\n```\n'),
    'a command that does not exist': page('```sh\ncabut terbang\n```\n'),
    'an option that does not exist': page('```sh\ncabut status x.pem --anker root.pem\n```\n'),
    'an npm script that does not exist': page('```sh\nnpm run nothing\n```\n'),
    'json that does not parse': page('```json\n{ a: 1 }\n```\n'),
    'a block of no known kind': page('```nginx\nx\n```\n'),
    'an illustration without a reason': page('<!-- illustration: so -->\n```nginx\nx\n```\n'),
    'a text that is not in the file': page('<!-- from: examples/02-revoke-through-ams.ts -->\n```ts\nconst x = 1\n```\n'),
  }
  let missed = 0
  for (const [title, blocks] of Object.entries(mistakes)) {
    const noticed = checkBlocks(blocks).length > 0
    console.log(`${noticed ? 'noticed' : 'MISSED '} ${title}`)
    if (!noticed) missed += 1
  }
  const wrongPath = runPath(root, 'prove', { page: 'made-on-purpose.md', steps: [{ text: 'true\nfalse\ntrue\n', line: 1 }] }, { withoutNode: false })
  const problems = []
  checkOutput({ page: 'x', line: 1, text: 'never said\n' }, 'said', problems)
  pathsOf(page('<!-- run: a -->\n```sh\ntrue\n```\n').concat(page('<!-- run: a -->\n```sh\nfalse\n```\n').map((block) => ({ ...block, page: 'other.md' }))), problems)
  for (const [title, noticed] of [['a path with a failing step', wrongPath.status !== 0], ['output never printed, and a path that differs between languages', problems.length === 2]]) {
    console.log(`${noticed ? 'noticed' : 'MISSED '} ${title}`)
    if (!noticed) missed += 1
  }
  return missed === 0 ? [] : [`${missed} mistakes were not noticed`]
}

const problems = has('--prove') ? prove() : [...(has('--paths') || only !== undefined ? [] : checkBlocks(allBlocks())), ...(has('--blocks') ? [] : runPaths(allBlocks()))]
for (const problem of problems) console.error(`docs-blocks: ${problem}`)
console.log(problems.length === 0 ? (has('--prove') ? 'docs-blocks: every mistake was noticed' : 'docs-blocks: every block holds') : `docs-blocks: ${problems.length} problem(s)`)
process.exitCode = problems.length === 0 ? 0 : 1
