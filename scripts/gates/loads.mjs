// A program that loads every entry of the laid-out packages, as ESM and as CJS, and says which do not offer the same names.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { entriesOf } from './tarballs.mjs'

/** Components register themselves with a page; they load in a browser only. */
const forPages = '@cabut/spbe-elements'

/** Writes it as loads.mjs; it prints a line for each fault, and nothing when all is well. */
export function writeLoads(folder, laid) {
  const entries = entriesOf(laid).filter(({ name }) => name !== forPages)
  writeFileSync(join(folder, 'loads.mjs'), [
    "import { createRequire } from 'node:module'",
    'const require = createRequire(import.meta.url)',
    "const names = (m) => Object.keys(m).filter((k) => k !== 'default' && k !== 'module.exports').sort().join()",
    `for (const [specifier, cjs] of ${JSON.stringify(entries.map(({ specifier, cjs }) => [specifier, cjs]))}) {`,
    '  try {',
    '    const esm = await import(specifier)',
    "    if (names(esm) === '') console.log(`${specifier} exports nothing`)",
    '    if (cjs && names(require(specifier)) !== names(esm)) console.log(`${specifier}: ESM and CJS differ`)',
    '  } catch (error) { console.log(`${specifier} does not load: ${error.message.split("\\n")[0]}`) }',
    '}',
  ].join('\n'))
}
