// The packed tarballs as users get them: every entry loads as ESM and as CJS with the same names, and its declarations compile, checked in full
// (`skipLibCheck: false`), under each of the compilers asked for and each way of resolving modules. `--types 5.4.5,6.0.3,7.0.2`.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeLoads } from './loads.mjs'
import { verdict } from './repository.mjs'
import { consumer, entriesOf, layOut, packAll } from './tarballs.mjs'
import { compiler } from './tools.mjs'

const { values } = parseArgs({ options: { types: { type: 'string', default: '6.0.3' }, loads: { type: 'boolean', default: false } } })
const { laid, problems } = layOut(packAll())
const entries = entriesOf(laid)

function loads() {
  writeLoads(consumer, laid)
  const { status, stdout, stderr } = spawnSync(process.execPath, ['loads.mjs'], { cwd: consumer, encoding: 'utf8' })
  problems.push(...stdout.split('\n').filter(Boolean))
  if (status !== 0) problems.push(`loading ended with ${status}: ${stderr.trim().split('\n').slice(0, 3).join(' | ')}`)
}

const modes = [
  { resolution: 'node16', module: 'node16' }, { resolution: 'nodenext', module: 'nodenext' },
  { resolution: 'bundler', module: 'esnext', cjs: false }, { resolution: 'node10', module: 'commonjs', esm: false },
]

/** One file that takes in every entry by name, so that every declaration is read. */
function types(versions) {
  const take = (which, form) => entries.filter(which).map(({ specifier }, index) => form(`m${index}`, specifier)).join('\n')
  for (const { resolution, module, esm = true, cjs = true } of modes) {
    const folder = join(consumer, resolution)
    mkdirSync(folder, { recursive: true })
    if (esm) writeFileSync(join(folder, 'esm.mts'), take(() => true, (name, from) => `import * as ${name} from '${from}'\nexport const k${name}: readonly string[] = Object.keys(${name})`))
    if (cjs) writeFileSync(join(folder, 'cjs.cts'), take((one) => one.cjs, (name, from) => `import ${name} = require('${from}')\nexport const k${name}: readonly string[] = Object.keys(${name})`))
    for (const version of versions) {
      const [major, minor] = version.split('.').map(Number)
      // TypeScript 7 has taken node10 out.
      if (resolution === 'node10' && major >= 7) continue
      const compilerOptions = {
        target: 'es2022', module, moduleResolution: resolution, lib: ['es2022', 'dom', 'dom.iterable', ...(major === 5 && minor < 6 ? [] : ['dom.asynciterable'])], types: ['node'],
        strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true, ...(resolution === 'node10' && major >= 6 ? { ignoreDeprecations: '6.0' } : {}),
      }
      writeFileSync(join(folder, `tsconfig.${version}.json`), JSON.stringify({ compilerOptions, include: ['*.mts', '*.cts'] }))
      const { status, stdout, stderr } = spawnSync(process.execPath, [compiler(version), '-p', `tsconfig.${version}.json`], { cwd: folder, encoding: 'utf8' })
      const lines = `${stdout}${stderr}`.trim().split('\n').filter((line) => line !== '')
      // Declarations of other packages that do not compile by themselves are theirs to mend (msw as CommonJS); ours must.
      const ours = lines.filter((line) => !/node_modules\/\.pnpm\/|^\s/.test(line))
      if (ours.length > 0 || (status !== 0 && lines.length === 0)) problems.push(`TypeScript ${version}, ${resolution}: ${ours.slice(0, 6).join('\n    ') || `ended with ${status}`}`)
      else if (status !== 0) console.log(`  TypeScript ${version}, ${resolution}: ${lines.length} faults in declarations of other packages, first ${lines[0].split('(')[0].split('/node_modules/').at(-1)}`)
    }
  }
}

if (values.loads) loads()
const versions = values.types.split(',').filter(Boolean)
types(versions)
verdict('consumers', problems, `${laid.length} tarballs, ${entries.length} entries${values.loads ? ' loaded' : ''}, declarations under TypeScript ${versions.join(', ')} and ${modes.length} ways to resolve`)
