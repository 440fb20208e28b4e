// Public declarations speak only of our own plain interfaces: no type of a library that stays inside may appear in dist/**/*.d.ts.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const inside = ['zod', 'ky', 'pg', 'kysely', 'hono', '@hono', 'jose', 'openid-client', 'nodemailer', 'fflate', 'docxtemplater', 'pizzip', 'pdf-lib', 'unpdf', '@xmldom', 'pino', 'commander', '@peculiar', '@electric-sql/pglite', 'pg-boss']

function declarations(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? declarations(path) : /\.d\.c?ts$/.test(name) ? [path] : []
  })
}

let files = 0
let failed = 0
for (const name of readdirSync(join(root, 'packages'))) {
  const dist = join(root, 'packages', name, 'dist')
  if (!existsSync(dist)) continue
  for (const path of declarations(dist)) {
    files += 1
    const text = readFileSync(path, 'utf8')
    for (const library of inside) {
      if (new RegExp(`(from|import\\()\\s*['"]${library.replaceAll('/', '\\/')}(/[^'"]*)?['"]`).test(text)) {
        failed += 1
        console.error(`public types: ${path.slice(root.length + 1)} mentions ${library}`)
      }
    }
  }
}
if (files === 0) { failed += 1; console.error('public types: nothing was built') }
process.exitCode = failed === 0 ? 0 : 1
