import { expect, test } from 'vitest'
import { run } from './run.js'

test('05-srikandi-letter: a letter goes in, an answer letter comes out, proven', async () => {
  const { code, output } = await run('05-srikandi-letter')
  expect(code, output).toBe(0)
  expect(output).toMatch(/letter in: surat-masuk\.json taken/)
  expect(output).toMatch(/for the verifier: ditandatangani secara elektronik, utuh.* \[signed\]/)
  expect(output).toContain('batch letter: letterBatchNotOffered')
  expect(output).toContain('batch letter: 3 requests under one letter')
  expect(output).toMatch(/request dindik-2026-[0-9a-f]{16}-[0-9a-f]{12}: revoked, proven by (crl|ocsp)/)
  for (const name of [/bukti-[0-9a-f]+\.zip/, /bukti\.sha256/, /jawaban\.pdf/, /jawaban\.docx/, /naskah\.json/]) expect(output).toMatch(new RegExp(`answer out: ${name.source}`))
  expect(output).toMatch(/receipt [0-9a-f]{16}\.\.\. valid: true/)
})
