// What the examples of @cabut/spbe stand on: a desk with one request, a person with a token, a message about the request.
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { PDFDocument } from 'pdf-lib'
import { createSandbox } from '@cabut/sandbox'
import { allowPlainHttp, bearer, createDesk, createHttpAms, type Desk, type Notice } from '@cabut/sdk'
import type { TokenIssuer, WebhookSecret } from '@cabut/spbe'
import type { StatusMessage } from '@cabut/spbe/mail'

/** A shared secret of webhooks, as `newWebhookSecret` makes them. */
export const secret: WebhookSecret = `whsec_${btoa('contoh, bukan rahasia: 32 oktet!')}`

/** What the desk tells the applicant when a request has come. */
export const notice: Notice = {
  key: 'P-2026-0001.submitted.applicant.2026', requestId: 'P-2026-0001', register: 'SP/2026/00001', party: 'applicant', person: 'surya.wibisana', opd: 'dindik', subject: 'submitted',
  text: { id: 'Permohonan Anda telah diterima.', en: 'Your request has been received.' },
}

/** The same as it leaves the house: code, status and link alone. */
export const message: StatusMessage = { key: notice.key, code: 'SP/2026/00001', status: notice.text, link: 'https://portal.contoh.go.id/permohonan/P-2026-0001' }

const now = new Date('2026-11-24T02:00:00Z')

/** A desk before a sandbox, with one request `P-2026-0001` filed by `surya.wibisana`. */
export async function openDesk(): Promise<Desk> {
  const sandbox = await createSandbox({ seed: 'spbe', faults: 'none', reuseKeys: true, now: () => now })
  const ams = createHttpAms({ baseUrl: sandbox.urls.ams, fetch: sandbox.fetch, allow: [allowPlainHttp], credential: bearer(({ id }) => sandbox.manage.token(id)), honoursIdempotencyKey: true })
  const desk = createDesk({ standard: 'kabupaten-purbalingga', ams, anchors: sandbox.anchors, intermediates: [sandbox.ca.issuingPem], fetch: sandbox.fetch, clock: () => now, worker: false, sandbox: true })
  const document = await PDFDocument.create()
  document.addPage([595, 842])
  const letters = [{ kind: 'requestLetter', bytes: await document.save(), number: '800/15/DINDIK', date: '2026-11-23' }] as const
  const leaf = await sandbox.manage.issue({ username: 'laras.kinanti', key: 'shared' })
  await desk.file({ id: 'P-2026-0001', certificate: { certificate: leaf.certificatePem, username: 'laras.kinanti' }, reason: 'mutasi', letters, applicant: { id: 'surya.wibisana', opd: 'dindik' } })
  return desk
}

/** An identity provider whose key set is at hand, and the token of the officer who filed `P-2026-0001`. */
export async function openIssuer(): Promise<{ readonly issuer: TokenIssuer; readonly token: string }> {
  const pair = await generateKeyPair('ES256', { extractable: true })
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }
  const token = await new SignJWT({ opd: 'dindik', roles: ['cabut-opd'] })
    .setProtectedHeader({ alg: 'ES256', kid: 'k1' }).setIssuer('https://sso.contoh.go.id/realms/daerah').setAudience('cabut').setSubject('surya.wibisana').setIssuedAt().setExpirationTime('5m').sign(pair.privateKey)
  const claims = { opd: ['opd'], roles: [['roles']], roleNames: { 'cabut-opd': 'opdOfficer' } } as const
  return { issuer: { issuer: 'https://sso.contoh.go.id/realms/daerah', audience: 'cabut', keys: { jwks: { keys: [jwk] } }, claims }, token }
}
