// Where each file of the repository stands on the site, and how a link between files becomes a link between pages.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { contracts, documents, groups } from '../../docs/.vitepress/pages.mjs'

/** Pages of the site by repository path: `{ slug, languages }`; the slug is without language and ending. */
export function routesOf(root) {
  // The README's place on the site is the front page.
  const routes = new Map([['README.md', { slug: 'index', alias: true }]])
  for (const language of ['id', 'en']) {
    routes.set(`docs/${language}/index.md`, { slug: 'index', only: language })
    for (const { pages } of groups) for (const [slug] of pages) routes.set(`docs/${language}/${slug}.md`, { slug, only: language })
  }
  for (const [path, slug] of [...documents.flatMap(({ pages }) => pages), ...contracts]) {
    if (path !== 'docs/decisions') { routes.set(path, { slug }); continue }
    routes.set(path, { slug })
    for (const name of readdirSync(join(root, path)).filter((file) => file.endsWith('.md'))) routes.set(`${path}/${name}`, { slug: `${dirname(slug)}/${name.slice(0, -3)}` })
  }
  for (const name of readdirSync(join(root, 'docs')).filter((file) => /^(?:bench-.*|deep)\.md$/.test(file))) routes.set(`docs/${name}`, { slug: `bench/${name.slice(0, -3).replace(/^bench-/, '')}` })
  return routes
}

/** The page's address from the site's root. */
export function addressOf({ slug, only }, language) {
  const base = (only ?? language) === 'id' ? '/' : '/en/'
  return base + (slug === 'index' ? '' : slug.endsWith('/index') ? slug.slice(0, -5) : slug)
}

/** Splits Markdown into pieces of prose and pieces of code (fences and inline), so that only prose is changed. */
export function proseOf(markdown, change) {
  return markdown.split(/(^ *(`{3,}|~{3,})[^\n]*\n[\s\S]*?^ *\2 *$|<!--[\s\S]*?-->|`[^`\n]+`)/m).map((piece, index) => index % 3 === 0 ? change(piece) : index % 3 === 1 ? piece : '').join('')
}

export const linkPattern = /\]\(([^()\s]+)\)/g

/** Rewrites the links of one file. `onSource` is told of files that have no page yet, `onAsset` of pictures; both give the address. */
export function rewriteLinks(markdown, { root, path, language, routes, onSource, onAsset, problems }) {
  return proseOf(markdown, (prose) => prose.replace(linkPattern, (whole, target) => {
    if (/^(?:[a-z]+:|#|\/)/.test(target)) return whole
    const [file, anchor] = target.split('#')
    const full = resolve(root, dirname(path), file)
    let found = relative(root, full)
    if (!existsSync(full)) { problems.push(`${path}: ${target} does not exist`); return whole }
    if (/\.(?:png|svg)$/.test(found)) return `](${onAsset(found)})`
    if (!routes.has(found) && statSync(full).isDirectory() && existsSync(join(full, 'README.md'))) found = join(found, 'README.md')
    const route = routes.get(found)
    const address = route === undefined ? onSource(found) : addressOf(route, language)
    return `](${address}${anchor === undefined ? '' : `#${anchor}`})`
  }))
}
