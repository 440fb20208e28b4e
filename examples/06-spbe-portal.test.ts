import { expect, test } from 'vitest'
import { run } from './run.js'

test('06-spbe-portal: files, decides and fetches the receipt as three people, by Express and by node:http', async () => {
  const { code, output } = await run('06-spbe-portal')
  expect(code, output).toBe(0)
  expect(output).toMatch(/1\. OPD mengajukan lewat Express: 0001\/\d{4}, Diajukan/)
  expect(output).toMatch(/2\. Kepala mendisposisikan lewat node:http: Didisposisikan, belum dibaca/)
  expect(output).toMatch(/3\. Verifikator menyetujui lewat Express: Disetujui, menunggu pelaksanaan/)
  expect(output).toMatch(/4\. Tiket 0001\/\d{4}: .*Terbukti/)
  expect(output).toMatch(/5\. Bukti pencabutan: \d+ berkas, valid: true/)
  expect(output).toMatch(/6\. Webhook bertanda tangan: .*revoked/)
})
