import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')

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
