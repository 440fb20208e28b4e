// Links: in the repository between files and their headings, on the built site between pages and their anchors.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { linkPattern, proseOf } from './routes.mjs'

/** The anchor GitHub gives a heading. */
export function anchorOf(heading) {
  return heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/<[^>]+>/g, '').trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-')
}

function anchorsIn(markdown) {
  const seen = new Map()
  const anchors = new Set([...markdown.matchAll(/<[a-z]+[^>]* (?:id|name)="([^"]+)"/g)].map(([, id]) => id))
  for (const [, heading] of markdown.replace(/^ *(`{3,})[\s\S]*?^ *\1/gm, '').matchAll(/^#{1,6} (.+)$/gm)) {
    const anchor = anchorOf(heading)
    const count = seen.get(anchor) ?? 0
    seen.set(anchor, count + 1)
    anchors.add(count === 0 ? anchor : `${anchor}-${count}`)
  }
  return anchors
}

/** Broken links of Markdown files. */
export function brokenInFiles(root, pages) {
  const problems = []
  let links = 0
  const anchors = new Map()
  for (const path of pages) {
    const page = relative(root, path)
    proseOf(readFileSync(path, 'utf8'), (prose) => {
      for (const [, target] of prose.matchAll(linkPattern)) {
        links += 1
        // Addresses elsewhere are not asked for: the check runs without a network.
        if (/^(?:https:|mailto:|\/)/.test(target)) continue
        if (target.startsWith('http:')) { problems.push(`${page}: ${target} is not https`); continue }
        const [file = '', anchor] = target.split('#')
        const full = file === '' ? path : resolve(dirname(path), file)
        if (!existsSync(full)) { problems.push(`${page}: ${target} does not exist`); continue }
        if (anchor === undefined || !full.endsWith('.md')) continue
        if (!anchors.has(full)) anchors.set(full, anchorsIn(readFileSync(full, 'utf8')))
        if (!anchors.get(full).has(anchor)) problems.push(`${page}: ${target}: no such heading`)
      }
      return prose
    })
  }
  return { problems, links }
}

function htmlFiles(folder) {
  return readdirSync(folder).flatMap((name) => statSync(join(folder, name)).isDirectory() ? htmlFiles(join(folder, name)) : name.endsWith('.html') ? [join(folder, name)] : [])
}

/** Broken links of the built site, and everything a page would fetch from elsewhere. */
export function brokenOnSite(dist) {
  const problems = []
  let links = 0
  const files = htmlFiles(dist)
  const ids = new Map(files.map((file) => [file, new Set([...readFileSync(file, 'utf8').matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id.replace(/&amp;/g, '&')))]))
  for (const file of files) {
    const page = relative(dist, file)
    const html = readFileSync(file, 'utf8')
    for (const [, tag, attribute, target] of html.matchAll(/<(a|img|link|script)\b[^>]*?\s(href|src)="([^"]*)"/g)) {
      links += 1
      if (/^https?:|^\/\//.test(target)) {
        if (tag !== 'a') problems.push(`${page}: ${tag} ${attribute} from elsewhere: ${target}`)
        continue
      }
      if (/^(?:mailto:|data:|javascript:)/.test(target)) continue
      const [path, anchor] = decodeURI(target.replace(/&amp;/g, '&')).split('#')
      let full = path === '' ? file : path.startsWith('/') ? join(dist, path) : resolve(dirname(file), path)
      if (existsSync(full) && statSync(full).isDirectory()) full = join(full, 'index.html')
      else if (!existsSync(full) && existsSync(`${full}.html`)) full = `${full}.html`
      if (!existsSync(full)) { problems.push(`${page}: ${target} leads nowhere`); continue }
      if (anchor !== undefined && anchor !== '' && full.endsWith('.html') && anchor !== 'VPContent' && !ids.get(full)?.has(anchor)) problems.push(`${page}: ${target}: no such anchor`)
    }
  }
  return { problems, links, pages: files.length }
}
