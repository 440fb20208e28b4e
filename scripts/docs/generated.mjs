// Parts of guide pages that are written from data, between `<!-- generated: NAME -->` and `<!-- /generated -->`.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tableBelow } from '../architecture.mjs'
import { readInputs, tables } from '../simulate-scale.mjs'

function glossary(root, language) {
  const words = JSON.parse(readFileSync(join(root, 'docs/glossary.json'), 'utf8'))
  const known = new Set(words.map(({ word }) => word))
  for (const [word] of tableBelow(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8'), 'Words')) if (!known.has(word)) throw new Error(`docs/glossary.json lacks the word "${word}" of ARCHITECTURE.md`)
  const head = language === 'id' ? '| Indonesia | Inggris | arti | sumber |' : '| English | Indonesian | meaning | source |'
  const rows = words.map((one) => language === 'id' ? [one.id, one.en, one.meaning.id, one.source] : [one.en, one.id, one.meaning.en, one.source])
  return [head, '|---|---|---|---|', ...rows.sort(([a], [b]) => a.localeCompare(b, language)).map((cells) => `| ${cells.join(' | ')} |`)].join('\n')
}

const makers = { glossary, scale: (_root, language) => tables(readInputs(), language) }

/** Writes each part anew, or with `check` says which is not what its data gives. */
export function generated(root, { check }) {
  const stale = []
  for (const [name, make] of Object.entries(makers)) for (const language of ['id', 'en']) {
    const path = `docs/${language}/${name}.md`
    const page = readFileSync(join(root, path), 'utf8')
    const written = page.replace(new RegExp(`(<!-- generated: ${name} -->\n)[\\s\\S]*?(<!-- /generated -->)`), (_whole, open, close) => `${open}\n${make(root, language)}\n\n${close}`)
    if (written === page) continue
    if (check) stale.push(path)
    else writeFileSync(join(root, path), written)
  }
  return stale
}
