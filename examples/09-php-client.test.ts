import { spawn, spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const php = spawnSync('php', ['--version'], { encoding: 'utf8' })
if (php.status !== 0) console.warn('SKIPPED 09-php-client: there is no php on the PATH')

/** Runs the example as a person would, on the packages' sources. */
function run(name: string): Promise<{ code: number | null; output: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, ['--conditions=@cabut/source', '--import', 'tsx', join('examples', `${name}.ts`)], { cwd: root })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString() })
    child.stderr.on('data', (chunk: Buffer) => { output += chunk.toString() })
    child.on('close', (code) => done({ code, output }))
  })
}

test.skipIf(php.status !== 0)('09-php-client: plain PHP files a request once and verifies the webhook', async () => {
  const { code, output } = await run('09-php-client')
  expect(code, output).toBe(0)
  expect(output).toMatch(/PHP mengajukan: 201 0001\/\d{4} Diajukan sekali/)
  expect(output).toMatch(/fileRequest oleh surya\.wibisana, asserted by portal https:\/\/portal\.contoh\.go\.id/)
  expect(output).toMatch(/PHP memeriksa webhook: sah; diubah: tidak sah; diputar ulang: tidak sah/)
})
