// The reference portal. Everything it needs is started here; see README.md for the environment.
import { serve } from '@hono/node-server'
import type { AddressInfo } from 'node:net'
import { createPortal } from './app.js'
import { openOffice } from './office.js'
import { readSettings } from './settings.js'
import { roleTitle } from './words.js'

const settings = readSettings(process.env)
const started = performance.now()
const office = await openOffice(settings)
const { app } = createPortal(office)

const server = await new Promise<ReturnType<typeof serve>>((ready, fail) => {
  const listening = serve({ fetch: app.fetch, port: settings.port, hostname: '127.0.0.1' }, () => ready(listening))
  listening.once('error', fail)
}).catch(async (error: unknown) => {
  await office.close()
  throw error
})
const { port } = server.address() as AddressInfo

console.log(`\nCabut, portal ${settings.standard.region.name} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
console.log(`\n  http://127.0.0.1:${port}\n`)
console.log(`Standar   ${settings.standard.id}; ganti dengan CABUT_STANDARD=kota-pekalongan`)
console.log(`AMS       ${office.ams.kind === 'assisted' ? 'dikerjakan petugas dengan tangan' : 'tiruan, menjawab sendiri'}; CABUT_AMS=${office.ams.kind === 'assisted' ? 'http' : 'assisted'} untuk yang lain`)
console.log(`Data      ${settings.database === undefined ? settings.data : 'PostgreSQL'}`)
console.log('\nOrang rekaan (halaman Masuk):')
for (const { name, office: of, roles } of office.people) console.log(`  ${name.padEnd(18)} ${roles.map((role) => roleTitle(settings.standard, role)).join(', ')} (${of})`)
console.log('\nCtrl-C untuk berhenti; data tetap tersimpan.')

let stopping = false
async function stop(): Promise<void> {
  if (stopping) return
  stopping = true
  console.log('\nMenutup portal ...')
  const closed = new Promise<void>((done) => { server.close(() => done()) })
  if ('closeAllConnections' in server) server.closeAllConnections()
  await closed
  await office.close()
  process.exit(0)
}
process.on('SIGINT', () => void stop())
process.on('SIGTERM', () => void stop())
