import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { createAssets } from './assets.js'
import { interfacePath, type Office } from './office.js'
import { problemPage } from './page/public.js'
import { administrationRoutes } from './route/administration.js'
import { complaintRoutes } from './route/complaints.js'
import { publicRoutes } from './route/public.js'
import { requestRoutes } from './route/requests.js'
import { sampleRoutes } from './route/sample.js'
import { createSessions, sameSecret, type Session } from './session.js'
import { text, viewOf, type Portal, type Rooms, type Visit } from './visit.js'

const LARGEST = 64 * 1_048_576
/** Where browsers report what the policy kept out. */
export const reportPath = '/laporan-csp'

/** No inline script or style, nothing from elsewhere, and script cannot make markup of text (Trusted Types; Lit has its own policy). */
const policy = (connect: string): string =>
  `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src ${connect}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; trusted-types lit-html; require-trusted-types-for 'script'; report-uri ${reportPath}`

/**
 * The pages. They hold no right of their own: everything about a request passes through the HTTP interface as the logged-in person.
 */
export function createPortal(office: Office): { readonly app: Portal; readonly cspReports: readonly string[] } {
  const app: Portal = new Hono()
  const sessions = createSessions(office.settings.origin?.startsWith('https:') === true)
  const asset = createAssets()
  const cspReports: string[] = []

  app.use('*', async (c, next) => {
    await next()
    const headers = {
      'Content-Security-Policy': policy(c.req.path === '/periksa' ? "'none'" : "'self'"), 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'same-origin', 'X-Frame-Options': 'DENY',
      'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Resource-Policy': 'same-origin', 'Permissions-Policy': 'camera=(), microphone=(), geolocation=()', 'Cache-Control': 'no-store',
    }
    for (const [name, value] of Object.entries(headers)) if (!c.res.headers.has(name)) c.res.headers.set(name, value)
  })
  app.post(reportPath, bodyLimit({ maxSize: 65_536 }), async (c) => {
    if (cspReports.length < 1_000) cspReports.push((await c.req.text()).slice(0, 2_000))
    return c.body(null, 204)
  })
  app.get('/aset/:name', async (c) => {
    const found = await asset(c.req.param('name'))
    if (found === undefined) return c.notFound()
    const zipped = found.gzip !== undefined && /\bgzip\b/.test(c.req.header('accept-encoding') ?? '')
    return c.body((zipped ? found.gzip : found.body) as unknown as ArrayBuffer, 200, { 'Content-Type': found.type, 'Cache-Control': 'no-cache', Vary: 'Accept-Encoding', ...(zipped ? { 'Content-Encoding': 'gzip' } : {}) })
  })
  // The interface itself, for other systems and the components: by token, with its own limits.
  app.all(`${interfacePath}/*`, (c) => office.handler.fetch(c.req.raw))
  app.use('*', async (c, next) => {
    c.set('session', sessions.read(c.req.header('cookie')) ?? await sessionAtProvider(office, c as Visit))
    await next()
  })
  // Forms: only from our own pages, only of a size letters have, and with the session's secret.
  app.post('*', bodyLimit({ maxSize: LARGEST, onError: (c) => c.text('Berkas terlalu besar.', 413) }), async (c, next) => {
    if (!ownPage(office, c)) return c.html(problemPage(viewOf(office, c), 'Ditolak', 'Formulir ini tidak berasal dari portal ini.'), 403)
    const form = await c.req.parseBody({ all: true }).catch(() => undefined)
    if (form === undefined) return c.html(problemPage(viewOf(office, c), 'Tidak terbaca', 'Kiriman terputus atau rusak. Silakan ulangi.'), 400)
    const session = c.get('session')
    if (session !== undefined && !sameSecret(session.csrf, text(form, 'csrf'))) return c.html(problemPage(viewOf(office, c), 'Formulir kedaluwarsa', 'Muat ulang halaman sebelumnya, lalu kirim lagi.'), 403)
    c.set('form', form)
    return next()
  })
  const rooms: Rooms = { office, sessions }
  publicRoutes(app, rooms)
  requestRoutes(app, rooms)
  complaintRoutes(app, rooms)
  administrationRoutes(app, rooms)
  if (office.sandbox !== undefined) sampleRoutes(app, rooms)
  app.notFound((c) => c.html(problemPage(viewOf(office, c as Visit), 'Tidak ditemukan', 'Halaman atau permohonan ini tidak ada, atau bukan untuk Anda.'), 404))
  app.onError((error, c) => {
    console.error(error instanceof Error ? `${error.name}: ${(error as { code?: string }).code ?? error.stack?.split('\n')[1]?.trim() ?? ''}` : 'error')
    return c.html(problemPage(viewOf(office, c as Visit), 'Ada gangguan', 'Terjadi kesalahan di portal. Silakan ulangi; bila berlanjut, sampaikan pengaduan.'), 500)
  })
  return { app, cspReports }
}

/** Who logged in at the region's identity provider, as the interface keeps it. */
async function sessionAtProvider(office: Office, c: Visit): Promise<Session | undefined> {
  if (office.settings.login === undefined) return undefined
  const found = await office.handler.session(c.req.raw)
  if (found === undefined) return undefined
  const { person, name, role, roles, opd, csrf } = found
  return { person: { id: person, name: name ?? person, opd: opd ?? '', office: opd ?? '', roles: [role, ...roles.filter((one) => one !== role)] }, role, csrf }
}

/** Whether a form was sent by one of our own pages (Fetch Metadata, else Origin). */
function ownPage(office: Office, c: Visit): boolean {
  const site = c.req.header('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const origin = c.req.header('origin')
  return origin === undefined || origin === (office.settings.origin ?? new URL(c.req.url).origin)
}
