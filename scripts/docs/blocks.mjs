// Every code block of README and docs is run, compiled or parsed. What a block is stands in a comment before it, invisible to readers:
//   <!-- run: PATH -->        sh: a step of a path; all steps of a path, in the order of the page, are one script in a fresh home
//   <!-- run-ts -->           ts: compiled and run
//   <!-- output: PATH -->     what the path (or the block before, `run-ts`) printed, line by line; `...` alone in a line is left out
//   <!-- from: FILE -->       stands in that file word for word
//   <!-- given ... -->        ts: declarations a reader has already, put before the block
//   <!-- illustration: why --> is shown only
// Without a comment: ts compiles, json and yaml parse, php is linted, sh holds only commands and options that exist.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

const markdownIn = (folder) => readdirSync(folder, { withFileTypes: true }).flatMap((entry) => entry.isDirectory()
  ? (/^(?:reference|\.vitepress|node_modules)$/.test(entry.name) ? [] : markdownIn(join(folder, entry.name)))
  : entry.name.endsWith('.md') ? [join(folder, entry.name)] : [])

/** Files whose blocks count. */
export function pagesOf(root) {
  const packages = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name, 'README.md'))
  return ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'ARCHITECTURE.md', 'llms.txt', 'examples/portal/README.md'].map((name) => join(root, name)).concat(packages, markdownIn(join(root, 'docs'))).filter((path) => existsSync(path))
}

/** The blocks of a page: language, text, line, and what its comment says. */
export function blocksOf(markdown, page) {
  const lines = markdown.split('\n')
  const blocks = []
  for (let at = 0; at < lines.length; at += 1) {
    const open = /^( *)(`{3,})([^`]*)$/.exec(lines[at])
    if (open === null) continue
    let end = at + 1
    while (end < lines.length && !new RegExp(`^ *${open[2]}\`* *$`).test(lines[end])) end += 1
    const text = lines.slice(at + 1, end).map((line) => line.startsWith(open[1]) ? line.slice(open[1].length) : line).join('\n') + '\n'
    let above = at - 1
    while (above >= 0 && lines[above].trim() === '') above -= 1
    let comment = ''
    if (above >= 0 && lines[above].trim().endsWith('-->')) {
      let begin = above
      while (begin > 0 && !lines[begin].includes('<!--')) begin -= 1
      comment = lines.slice(begin, above + 1).join('\n').replace(/^\s*<!--/, '').replace(/-->\s*$/, '')
    }
    const [, kind = '', value = ''] = /^\s*(run|run-ts|output|from|given|illustration)\b:?([\s\S]*)$/.exec(comment.replace(/^\s*run-ts/, 'run-ts')) ?? []
    blocks.push({ page, line: at + 1, language: open[3].trim().split(/\s/)[0], text, kind: comment.trim().startsWith('run-ts') ? 'run-ts' : kind, value: kind === 'given' ? value : value.trim() })
    at = end
  }
  return blocks
}

/** The steps of each path; the English page must have the very steps of the Indonesian one. */
export function pathsOf(blocks, problems) {
  const byPage = new Map()
  for (const block of blocks.filter(({ kind }) => kind === 'run')) {
    const key = `${block.value}\0${block.page}`
    byPage.set(key, [...(byPage.get(key) ?? []), block])
  }
  const paths = new Map()
  const bare = (steps) => steps.map(({ text }) => text.replace(/ +#.*$/gm, '')).join('\0')
  for (const [key, steps] of byPage) {
    const [name, page] = key.split('\0')
    const known = paths.get(name)
    if (known === undefined) paths.set(name, { page, steps })
    else if (bare(known.steps) !== bare(steps)) problems.push(`${page}: the path "${name}" differs from that of ${known.page}`)
  }
  return paths
}

/** Commands of an `sh` block that is not run: each must exist, with its options. */
export function checkCommands(block, { helpOf, scripts }, problems) {
  const at = `${block.page}:${block.line}`
  for (const line of block.text.replace(/\\\n\s*/g, ' ').split('\n')) {
    const command = line.replace(/(^|\s)#.*$/, '').trim().replace(/^npx (?=cabut)/, '')
    if (command === '') continue
    const words = command.match(/"[^"]*"|'[^']*'|\S+/g) ?? []
    if (words[0] === 'npm') {
      const script = words[1] === 'run' ? words[2] : words[1] === 'test' ? 'test' : undefined
      if (script === undefined || scripts[script] === undefined) problems.push(`${at}: no such npm script: ${command}`)
    } else if (words[0] === 'bash' || words[0] === 'node') {
      if (!existsSync(join(block.root, words[1] ?? ''))) problems.push(`${at}: ${words[1]} does not exist`)
    } else if (words[0] === 'cabut') {
      const help = helpOf(words.slice(1))
      if (help === undefined) problems.push(`${at}: no such command: ${command}`)
      else for (const option of words.filter((word) => word.startsWith('--') && word !== '--')) if (!new RegExp(`(?:^|\\s|,)${option.split('=')[0]}(?:\\s|$|,)`, 'm').test(help) && option !== '--help') problems.push(`${at}: ${option} is no option of: ${command}`)
    } else problems.push(`${at}: neither run nor known (mark it run, or illustration with the reason): ${command}`)
  }
}

/** Compiles the ts blocks together, one file each, as a reader's program beside the examples. */
export function compile(root, blocks, problems) {
  if (blocks.length === 0) return
  const folder = join(root, 'examples', '.cache', 'blocks')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const origin = new Map()
  blocks.forEach((block, index) => {
    const file = join(folder, `block-${index}.ts`)
    const given = block.kind === 'given' ? block.value : ''
    origin.set(`block-${index}.ts`, { block, shift: given.split('\n').length })
    writeFileSync(file, `${given}\n${block.text}\nexport {}\n`.replaceAll("'./office.js'", "'../../office.js'"))
    block.file = file
  })
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../../tsconfig.base.json', compilerOptions: { noEmit: true, noUnusedLocals: false, noUnusedParameters: false, isolatedDeclarations: false, declaration: false, noPropertyAccessFromIndexSignature: false }, include: ['*.ts'] }))
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(root, 'scripts/native/node_modules/typescript/bin/tsc'), '-p', folder, '--pretty', 'false'], { cwd: folder, encoding: 'utf8' })
  for (const line of stdout.split('\n')) {
    const [, name, row, rest] = /(block-\d+\.ts)\((\d+),\d+\): (.*)$/.exec(line) ?? []
    if (name !== undefined) { const { block, shift } = origin.get(name); problems.push(`${block.page}:${block.line + Number(row) - shift}: does not compile: ${rest}`) }
  }
  if (status !== 0 && problems.length === 0) problems.push(`tsc: ${(stdout + stderr).slice(0, 2000)}`)
}

/** Runs the steps of one path as one script; gives what it printed. */
export function runPath(root, name, { steps, page }, { withoutNode }) {
  const home = mkdtempSync(join(tmpdir(), `cabut-path-${name}-`))
  const env = { ...process.env, HOME: home, TMPDIR: home, LC_ALL: 'C.UTF-8', npm_config_cache: process.env.npm_config_cache ?? join(process.env.HOME ?? '/root', '.npm') }
  for (const key of Object.keys(env)) if (key.startsWith('CABUT_')) delete env[key]
  if (withoutNode) {
    // A PATH of ordinary tools and openssl, and nothing else: wherever Node lies, it is not on it.
    const tools = join(home, 'tools')
    mkdirSync(tools)
    for (const tool of ['bash', 'cat', 'cp', 'cut', 'diff', 'find', 'grep', 'openssl', 'sed', 'sha256sum', 'sort', 'xargs']) {
      const found = (env.PATH ?? '').split(delimiter).map((folder) => join(folder, tool)).find((path) => existsSync(path))
      if (found !== undefined) symlinkSync(found, join(tools, tool))
    }
    env.PATH = tools
  }
  // Whatever a step started in the background ends with the script.
  const script = `set -euo pipefail\ntrap 'jobs -p | xargs -r kill 2>/dev/null || true' EXIT\n${withoutNode ? 'if command -v node >/dev/null; then echo "node is on the PATH"; exit 1; fi\n' : ''}${steps.map(({ text, line }) => `# ${page}:${line}\n${text}`).join('\n')}`
  const started = performance.now()
  const { status, stdout, stderr } = spawnSync(existsSync('/bin/bash') ? '/bin/bash' : 'bash', ['-c', script], { cwd: root, env, encoding: 'utf8', timeout: 600_000, maxBuffer: 64 * 1024 * 1024 })
  rmSync(home, { recursive: true, force: true })
  return { status, output: `${stdout}${stderr}`, seconds: (performance.now() - started) / 1000 }
}

/** Lines shown as output must have been printed. */
export function checkOutput(block, printed, problems) {
  for (const line of block.text.split('\n').map((one) => one.trim()).filter((one) => one !== '' && one !== '...')) {
    if (!printed.includes(line)) problems.push(`${block.page}:${block.line}: never printed: ${line}`)
  }
}

