import { createAssistedAms, createDesk } from '@cabut/sdk'
import { createSpbeHandler } from '@cabut/spbe'

const { anchors, intermediates, keys, issuer } = JSON.parse(process.env.CABUT)

/** One for the process: a desk is not made anew for every request. */
function make() {
  const desk = createDesk({ standard: 'kabupaten-purbalingga', anchors, intermediates, ams: createAssistedAms({}), fetch: false, worker: false })
  return createSpbeHandler({
    desk, basePath: '/api/cabut', rateLimit: false,
    issuers: [{ issuer, audience: 'cabut', keys: { jwks: keys }, claims: { opd: ['opd'], roles: [['peran']], roleNames: { opd: 'opdOfficer' } } }],
  })
}

export const portal = (globalThis.cabutPortal ??= make())
