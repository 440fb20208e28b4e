import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { run } from './run.js'

const php = spawnSync('php', ['--version'], { encoding: 'utf8' })
if (php.status !== 0) console.warn('SKIPPED 09-php-client: there is no php on the PATH')

test.skipIf(php.status !== 0)('09-php-client: plain PHP files a request once and verifies the webhook', async () => {
  const { code, output } = await run('09-php-client')
  expect(code, output).toBe(0)
  expect(output).toMatch(/PHP mengajukan: 201 0001\/\d{4} Diajukan sekali/)
  expect(output).toMatch(/fileRequest oleh surya\.wibisana, asserted by portal https:\/\/portal\.contoh\.go\.id/)
  expect(output).toMatch(/PHP memeriksa webhook: sah; diubah: tidak sah; diputar ulang: tidak sah/)
})
