// One subject of run.mjs: prints its groups and writes them to a file.
import { writeFileSync } from 'node:fs'
import { print } from './measure.mjs'

const [name, file] = process.argv.slice(2)
const { run } = await import(`./${name}.mjs`)
const groups = await run({ full: process.argv.includes('--full') })
for (const group of groups) print(group)
writeFileSync(file, JSON.stringify(groups))
