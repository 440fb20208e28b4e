// Lays the site's pages out for VitePress: guide pages, documents in both languages, contracts and tables written from data, and every linked source file as a page.
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { contracts, documents, groups } from '../../docs/.vitepress/pages.mjs'
import { missesTable } from './misses.mjs'
import { renderContract } from './openapi.mjs'
import { addressOf, rewriteLinks, routesOf } from './routes.mjs'

const languages = ['id', 'en']
const fences = { '.ts': 'ts', '.mjs': 'js', '.js': 'js', '.json': 'json', '.yaml': 'yaml', '.yml': 'yaml', '.php': 'php', '.css': 'css' }

/** @returns {{ pages: number, problems: string[] }} */
export function stage(root, target) {
  rmSync(target, { recursive: true, force: true })
  const problems = []
  const routes = routesOf(root)
  const assets = new Set()
  const sources = new Set()
  let pages = 0
  const write = (slug, language, text) => {
    const file = join(target, language === 'id' ? '' : 'en', `${slug}.md`)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    pages += 1
  }
  const onAsset = (path) => {
    assets.add(path)
    return `/assets/${basename(path)}`
  }
  const onSource = (path, language) => {
    sources.add(path)
    if (statSync(join(root, path)).isDirectory()) for (const name of readdirSync(join(root, path))) if (statSync(join(root, path, name)).isFile()) sources.add(join(path, name))
    return `${language === 'id' ? '' : '/en'}/source/${path}${statSync(join(root, path)).isDirectory() ? '/' : ''}`
  }
  const linked = (markdown, path, language) => rewriteLinks(markdown, { root, path, language, routes, onSource: (file) => onSource(file, language), onAsset, problems })
  const filled = (markdown, language) => markdown.replace(/<!-- generated at build: misses -->/, () => missesTable(root, language, routes))

  for (const language of languages) {
    for (const slug of ['index', ...groups.flatMap((group) => group.pages.map(([name]) => name))]) {
      const path = `docs/${language}/${slug}.md`
      if (!existsSync(join(root, path))) { problems.push(`${path} is missing`); continue }
      write(slug, language, linked(filled(readFileSync(join(root, path), 'utf8'), language), path, language))
    }
    for (const [path, { slug, only, alias }] of routes) {
      if (only !== undefined || alias === true || path === 'docs/decisions') continue
      const text = path.endsWith('.yaml') ? renderContract(root, path, language) : readFileSync(join(root, path), 'utf8')
      write(slug, language, inOneLanguage(harmless(linked(text, path, language)), language))
    }
    write('project/decisions/index', language, decisionsPage(root, language, routes))
  }
  unlisted(root, problems)
  reference(root, target)
  // Source files may be linked from source pages no further, so one pass is enough.
  for (const path of sources) for (const language of languages) writeSource(root, language === 'id' ? target : join(target, 'en'), path, language)
  mkdirSync(join(target, 'public', 'assets'), { recursive: true })
  for (const path of assets) copyFileSync(join(root, path), join(target, 'public', 'assets', basename(path)))
  copyFileSync(join(root, 'examples/portal/icon.svg'), join(target, 'public', 'icon.svg'))
  copyFileSync(join(root, 'llms.txt'), join(target, 'public', 'llms.txt'))
  const benches = [...routes].filter(([path]) => /^docs\/(?:bench-|deep)/.test(path)).map(([path, { slug }]) => ({ slug, title: titleOf(readFileSync(join(root, path), 'utf8')) }))
  const modules = referencePages(join(root, 'docs/reference')).map((file) => ({ slug: `reference/${file.replace(/README\.md$/, '').replace(/\.md$/, '')}`, title: file === 'README.md' ? 'Overview' : `@cabut/${file.replace(/(?:\/README)?\.md$/, '')}` }))
  writeFileSync(join(target, 'found.json'), JSON.stringify({ benches, reference: modules }))
  return { pages, problems, sources: sources.size, reference: modules.length }
}

/** A document whose one text is English is marked so on the Indonesian side. */
function inOneLanguage(text, language) {
  const indonesian = /\b(?:dan|yang|dengan|untuk)\b/.test(text.slice(0, 4000))
  const [, front = '', body = text] = /^(---\n[\s\S]*?\n---\n)?([\s\S]*)$/.exec(text) ?? []
  if (language === 'en' || indonesian) return text
  const [heading, ...rest] = body.replace(/^\s+/, '').split('\n')
  return `${front}${heading}\n\n::: info\nDokumen ini ditulis dalam bahasa Inggris.\n:::\n\n<div lang="en">\n\n${rest.join('\n')}\n\n</div>\n`
}

/** Documents are Markdown for any reader; what Vue would take for its own is escaped. */
function harmless(markdown) {
  const inline = (code) => code.includes('{{') ? `<code v-pre>${code.slice(1, -1).replace(/&/g, '&amp;').replace(/</g, '&lt;')}</code>` : code
  return markdown.split(/(^ *```[\s\S]*?^ *``` *$|<!--[\s\S]*?-->|`[^`\n]+`)/m).map((piece, index) => index % 2 === 0 ? piece.replace(/\{\{/g, '&#123;&#123;') : piece.startsWith('`') && !piece.startsWith('```') ? inline(piece) : piece).join('')
}

function titleOf(markdown) {
  return /^# (.+)$/m.exec(markdown)?.[1] ?? '?'
}

function decisionsPage(root, language, routes) {
  const rows = readdirSync(join(root, 'docs/decisions')).filter((name) => name.endsWith('.md')).sort().map((name) => {
    const path = `docs/decisions/${name}`
    return `- [${titleOf(readFileSync(join(root, path), 'utf8'))}](${addressOf(routes.get(path), language)})`
  })
  const [title, text] = language === 'id' ? ['Keputusan', 'Apa yang diputuskan, apa lagi yang dipertimbangkan, apa yang diukur. Catatannya berbahasa Inggris.'] : ['Decisions', 'What was decided, what else was considered, what was measured.']
  return `# ${title}\n\n${text}\n\n${rows.join('\n')}\n`
}

/** A guide page that no table shows would never be found. */
function unlisted(root, problems) {
  const known = new Set(['index', ...groups.flatMap(({ pages }) => pages.map(([slug]) => slug))])
  const walk = (folder, prefix) => readdirSync(folder).flatMap((name) => statSync(join(folder, name)).isDirectory() ? walk(join(folder, name), `${prefix}${name}/`) : [`${prefix}${name}`])
  for (const language of languages) for (const file of walk(join(root, 'docs', language), '')) if (!known.has(file.replace(/\.md$/, ''))) problems.push(`docs/${language}/${file} is in no table of docs/.vitepress/pages.mjs`)
  for (const [path] of [...documents.flatMap(({ pages }) => pages), ...contracts]) if (!existsSync(join(root, path))) problems.push(`${path} is in docs/.vitepress/pages.mjs and not there`)
}

function referencePages(folder) {
  const walk = (inside) => readdirSync(join(folder, inside), { withFileTypes: true }).flatMap((entry) => entry.isDirectory() ? walk(join(inside, entry.name)) : [join(inside, entry.name)])
  return existsSync(folder) ? walk('').filter((file) => file.endsWith('.md')).sort() : []
}

/** The reference is English; on the Indonesian side each page says where it is. */
function reference(root, target) {
  for (const file of referencePages(join(root, 'docs/reference'))) {
    const slug = file.replace(/README\.md$/, 'index.md')
    const to = join(target, 'en/reference', slug)
    mkdirSync(dirname(to), { recursive: true })
    const text = readFileSync(join(root, 'docs/reference', file), 'utf8').replace(/\(([^()\s]*?)README\.md(#[^)]*)?\)/g, '($1index.md$2)')
    writeFileSync(to, `---\neditLink: false\noutline: [2, 3]\n---\n\n${harmless(text)}`)
    const beside = join(target, 'reference', slug)
    mkdirSync(dirname(beside), { recursive: true })
    writeFileSync(beside, `---\nsearch: false\nsidebar: true\n---\n\n# ${titleOf(text)}\n\nRujukan API ditulis dalam bahasa Inggris: [buka halaman ini](/en/reference/${slug.replace(/index\.md$/, '').replace(/\.md$/, '')}).\n`)
  }
}

function writeSource(root, target, path, language) {
  if (statSync(join(root, path)).isDirectory()) {
    const files = readdirSync(join(root, path)).filter((name) => statSync(join(root, path, name)).isFile())
    mkdirSync(join(target, 'source', path), { recursive: true })
    writeFileSync(join(target, 'source', path, 'index.md'), `---\nsearch: false\n---\n\n# ${basename(path)}\n\n${files.map((name) => `- [${name}](${language === 'id' ? '' : '/en'}/source/${path}/${name})`).join('\n')}\n`)
    return
  }
  const text = readFileSync(join(root, path), 'utf8')
  const file = join(target, 'source', `${path}.md`)
  mkdirSync(dirname(file), { recursive: true })
  const longest = Math.max(3, ...[...text.matchAll(/`{3,}/g)].map(([run]) => run.length + 1))
  const fence = text.length > 60_000 ? 'text' : fences[extname(path)] ?? 'text'
  writeFileSync(file, `---\nsearch: false\noutline: false\nprev: false\nnext: false\n---\n\n# ${basename(path)}\n\n\`${path}\`\n\n${'`'.repeat(longest)}${fence}\n${text.trimEnd()}\n${'`'.repeat(longest)}\n`)
}
