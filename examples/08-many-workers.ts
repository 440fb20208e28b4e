import { createDesk, type Desk } from '@cabut/sdk'
import { createSqlStore, verifyAudit, type Database } from '@cabut/postgres'
import { connectPostgres } from '@cabut/postgres/pg'
import { openPglite } from '@cabut/postgres/pglite'
import { openOffice } from './office.js' // a sandbox on loopback and invented officers

// Several desks over one PostgreSQL; where CABUT_DATABASE names none, one desk over an embedded database.
const url = process.env['CABUT_DATABASE']
const open = (): Promise<Database> => url === undefined ? openPglite() : connectPostgres({ url })
const { ams, anchors, intermediates, fetch, sandbox, letter, applicant, head, verifier, close } = await openOffice()
const findings = { data: 'match', completeness: 'complete', subjectDn: 'match' } as const

const databases = url === undefined ? [await open()] : await Promise.all([open(), open(), open()])
const desks: Desk[] = []
for (const database of databases) {
  const store = await createSqlStore(database, { closeDatabase: false })
  desks.push(createDesk({ standard: 'kabupaten-purbalingga', ams, anchors, intermediates, fetch, store, pace: { ams: 200, proof: 200, retry: 50 } }))
}

const serials: string[] = []
const proofs = await Promise.all(Array.from({ length: 6 }, async (_, index) => {
  const desk = desks[index % desks.length] as Desk
  const leaf = await sandbox.manage.issue({ username: 'laras.kinanti' })
  serials.push(leaf.serial)
  const request = await desk.file({ certificate: leaf.der, reason: 'mutasi', letters: [letter], applicant })
  await desk.dispose(request.id, { as: head, to: verifier })
  await desk.approve(request.id, { as: verifier, findings })
  return desk.proven(request.id)
}))

await Promise.all(desks.map((desk) => desk.close()))
const audit = await verifyAudit(databases[0] as Database)
const once = serials.every((serial) => sandbox.manage.timesRevoked(serial) === 1)
console.log(`${desks.length} desk(s) over ${url === undefined ? 'PGlite' : 'PostgreSQL'}: ${proofs.length} proven, each revoked once: ${once}; ${audit.events} events, intact: ${audit.valid}`)
for (const database of databases) await database.close()
await close()
