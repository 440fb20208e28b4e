// Our AMS client beside bare ky with the very same zod schema, against one plain server in a process of its own.
import { fork } from 'node:child_process'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createHttpAms, bearer } from '@cabut/sdk'
import { aim, median, rate, table } from './measure.mjs'

const body = JSON.stringify({
  success: true,
  data: {
    id: 'rev-1', certificate: { issuerDn: 'CN=CA Rekaan,O=Otoritas Rekaan,C=ID', serial: '4d2a', subjectDn: 'CN=Laras Kinanti,O=Kabupaten Rekaan,C=ID' }, username: 'laras.kinanti', reason: 'MUTASI',
    status: 'WAITING_BSRE', filedBy: 'tegar.maulana', filedAt: '2026-11-24T02:00:00Z', letters: [{ letterId: 'l-1', sha256: 'ab'.repeat(32), size: 1000 }], idempotencyKey: 'P-1.file.1', note: 'x'.repeat(500),
  },
})

if (process.argv[2] === 'server') {
  const server = createServer((_request, response) => response.setHeader('content-type', 'application/json').end(body)).listen(0, '127.0.0.1', () => process.send(server.address().port))
  process.on('disconnect', () => process.exit())
}

export async function benchAms({ requests, rounds }) {
  const child = fork(fileURLToPath(import.meta.url), ['server'])
  const port = await new Promise((resolve) => { child.once('message', resolve) })
  const sdk = createRequire(new URL('../../sdk/package.json', import.meta.url))
  const { default: ky } = await import(pathToFileURL(sdk.resolve('ky')))
  const { tsImport } = await import('tsx/esm/api')
  const { amsRevocation, readData } = await tsImport('../../sdk/src/wire/ams.ts', import.meta.url)
  const base = `http://127.0.0.1:${port}`
  const ams = createHttpAms({ baseUrl: base, credential: bearer('token-of-nobody') })
  const ours = async () => {
    const { outcome } = await ams.readRevocation('rev-1', { as: { id: 'x', role: 'verifier' } })
    if (outcome !== 'answered') throw new Error(outcome)
  }
  const bare = async () => {
    const { data } = await ky(`${base}/revocations/rev-1`, { headers: { authorization: 'Bearer token-of-nobody', accept: 'application/json' }, retry: 0, timeout: 30_000 }).json()
    if ('fault' in readData(amsRevocation, data)) throw new Error('fault')
  }
  for (const clients of [1, 16]) {
    const [a, b] = [[], []]
    for (let n = 0; n < rounds; n++) {
      a.push(await rate(requests, clients, ours))
      b.push(await rate(requests, clients, bare))
    }
    // The rounds took turns: each pair saw the same machine.
    const over = (median(a.map((one, n) => b[n] / one)) - 1) * 100
    table(`AMS client, ${clients} at a time (${rounds} rounds of ${requests}, taking turns, medians)`, [
      ['createHttpAms readRevocation', median(a), '/s'], ['bare ky + the same zod schema', median(b), '/s'], ['overhead', over, '%', 'aim <= 15'],
    ])
    aim(`AMS client over bare ky with the same schema, ${clients} at a time`, over, { most: 15, unit: ' %' }, 'ours reads the body with a cap and a deadline over the whole exchange, refuses redirects, and judges envelope and addresses; ky alone does none of it')
  }
  child.disconnect()
}
