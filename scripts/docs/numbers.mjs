// A measured number stands only where the script that produced it is named: in the same section a link or a path to a script, to a measured page or to a
// generated table, or a comment `<!-- number: why it is no measurement -->`.
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'

const measured = /\b\d[\d.,]*\s?(?:ns|us|µs|ms|MB\/s|GB\/s|kB|MB|GB|jobs\/s|cases\/s|requests\/s|per second|times faster|kali lebih cepat|x faster)\b/
const sourced = /npm run (?:bench|deep)|scripts\/[\w/-]+\.mjs|bench\/[\w-]+\.mjs|bench-[\w-]+\.md|benchmarks\.md|generated: |test\/[\w.-]+\.ts|<!-- number: .{12,}-->/

const markdownIn = (folder) => readdirSync(folder).flatMap((name) => statSync(join(folder, name)).isDirectory() ? markdownIn(join(folder, name)) : name.endsWith('.md') ? [join(folder, name)] : [])

/** Sections with a measured number and nothing that says where it comes from. */
export function numbersWithoutSource(root, pages = [join(root, 'README.md'), join(root, 'docs/operations.md'), ...markdownIn(join(root, 'docs/id')), ...markdownIn(join(root, 'docs/en')), ...markdownIn(join(root, 'docs/decisions'))]) {
  const problems = []
  for (const path of pages) {
    const text = readFileSync(path, 'utf8')
    // A measured page or a decision says once, for all of it, how its numbers came to be.
    const sections = /\/decisions\//.test(path) ? [text] : text.split(/^(?=#{1,2} )/m)
    for (const section of sections) {
      const number = measured.exec(section.replace(/^ *```[\s\S]*?^ *```/gm, ''))
      if (number !== null && !sourced.test(section)) problems.push(`${relative(root, path)}: "${number[0]}" below "${section.split('\n')[0]}": no script is named`)
    }
  }
  return problems
}
