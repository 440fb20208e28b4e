import { expect, test } from 'vitest'
import { run } from './run.js'

test('07-bulk-retirement', async () => {
  const { code, output } = await run('07-bulk-retirement')
  for (const line of [/row 8: duplicate \(row 1\)/, /row 9: invalid/, /row 1: waiting \(submitted\)/, /^1;proven;/m, /^9;skipped;/m, /7 of 9 rows proven, each revoked once: true/]) expect(output).toMatch(line)
  expect(code, output).toBe(0)
})
