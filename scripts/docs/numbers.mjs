// A measured number stands only where the script that produced it is named: in the same section a link or a path to a script, to a measured page or to a
// generated table, or a comment `<!-- number: why it is no measurement -->`.
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'

const number = '\\b\\d[\\d.,_]*'
/** A quantity with a unit of measurement; how long something took; so many of so many; what was counted in the tree. */
const measured = new RegExp([
  `${number}\\s?(?:ns|us|µs|ms|MB\\/s|GB\\/s|kB|KiB|MB|GB|jobs\\/s|cases\\/s|requests\\/s|per second|per detik|times faster|kali lebih cepat|x faster)\\b`,
  `\\b(?:in|dalam|takes|took|perlu) (?:about |some |sekitar |kira-kira )?${number}\\s?(?:s|seconds|minutes|detik|menit)\\b`,
  `${number} (?:of|dari) ${number}`, `${number} (?:lines|baris|tests|mutants|races|vectors)\\b`,
].join('|'))
const sourced = /npm run (?:bench|deep|conformance)|scripts\/[\w/-]+\.mjs|bench\/[\w-]+\.mjs|bench-[\w-]+\.md|benchmarks\.md|generated: |[\w-]+\.(?:prop\.|heavy\.)?test\.ts|\bwc -l\b|<!-- number: .{12,}-->/

const markdownIn = (folder) => readdirSync(folder).flatMap((name) => name === 'node_modules' || name === 'reference' || name === 'standards' || name.startsWith('.') ? [] : statSync(join(folder, name)).isDirectory() ? markdownIn(join(folder, name)) : name.endsWith('.md') ? [join(folder, name)] : [])
/** Every page for readers; the measured ones are written by their scripts, which name themselves, and the standards hold what offices wrote. */
const pagesWithNumbers = (root) => [
  ...['README.md', 'SECURITY.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'llms.txt'].map((name) => join(root, name)), ...markdownIn(join(root, 'docs')),
  ...readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name, 'README.md')),
]

/** Sections with a measured number and nothing that says where it comes from. */
export function numbersWithoutSource(root, pages = pagesWithNumbers(root)) {
  const problems = []
  for (const path of pages) {
    // A line of a code block that begins with # is no heading.
    const text = readFileSync(path, 'utf8').replace(/^ *```[\s\S]*?^ *```/gm, (block) => block.replace(/^#/gm, ' #'))
    // A measured page or a decision says once, for all of it, how its numbers came to be.
    const sections = /\/docs\/(?:decisions\/|(?:bench-[\w-]+|deep|mutation|races)\.md$)/.test(path) ? [text] : text.split(/^(?=#{1,2} )/m)
    for (const section of sections) {
      const number = measured.exec(section.replace(/^ *```[\s\S]*?^ *```/gm, ''))
      if (number !== null && !sourced.test(section)) problems.push(`${relative(root, path)}: "${number[0]}" below "${section.split('\n')[0]}": no script is named`)
    }
  }
  return problems
}
