import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { browser, check, ends, file, folder, press, root, startPortal } from './stage.mjs'

/** Logs in at a real identity provider on loopback instead of choosing an invented person. */
export async function singleSignOn() {
  const listening = (server) => new Promise((done, fail) => { server.once('error', fail).listen(0, '127.0.0.1', () => done(server.address().port)) })
  // The provider keeps its port; the portal's is free when it is told of it.
  const server = createServer()
  const issuerPort = await listening(server)
  const place = createServer()
  const port = await listening(place)
  await new Promise((done) => place.close(done))
  const [origin, issuer] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${issuerPort}`]
  const quiet = { warn: console.warn, info: console.info }
  Object.assign(console, { warn() {}, info() {} })
  const { Provider } = await import(pathToFileURL(createRequire(join(root, 'packages/spbe/package.json')).resolve('oidc-provider')).href)
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'portal', client_secret: 'rahasia-portal-untuk-percobaan-1', redirect_uris: [`${origin}/layanan/cabut/session/callback`], post_logout_redirect_uris: [origin] }],
    pkce: { required: () => true }, conformIdTokenClaims: false, claims: { openid: ['sub', 'opd', 'peran'], profile: ['name'] }, cookies: { keys: ['kunci-kuki-percobaan'] },
    features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } }, ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    findAccount: (_context, id) => ({ accountId: id, claims: async () => ({ sub: id, name: 'Surya Wibisana', opd: 'dindik', peran: ['opd'] }) }),
  })
  Object.assign(console, quiet)
  server.on('request', provider.callback())
  const claims = join(folder, 'claims.json')
  writeFileSync(claims, JSON.stringify({ opd: ['opd'], roles: [['peran']], roleNames: { opd: 'opdOfficer' } }))
  const portal = await startPortal('kabupaten-purbalingga', 'http', {
    CABUT_PORT: String(port), CABUT_ORIGIN: origin, CABUT_DATA: join(folder, 'sso'), CABUT_OIDC_ISSUER: issuer, CABUT_OIDC_CLIENT_ID: 'portal', CABUT_OIDC_CLIENT_SECRET: 'rahasia-portal-untuk-percobaan-1', CABUT_OIDC_CLAIMS: claims,
  })
  const context = await browser.newContext({ locale: 'id-ID' })
  context.setDefaultTimeout(90_000)
  try {
    // The provider's own development pages ask for fonts from elsewhere.
    await context.route((url) => url.hostname !== '127.0.0.1', (route) => route.abort())
    const tab = await context.newPage()
    await tab.goto(`${origin}/permohonan/baru`)
    await tab.locator('input[name=login]').fill('surya.wibisana')
    await tab.locator('input[name=password]').fill('x')
    await tab.locator('button[type=submit]').click()
    await tab.locator('form:has(input[name=prompt][value=consent]) button[type=submit]').click()
    await tab.waitForURL(`${origin}/permohonan/baru`)
    check('single sign-on: logged in, back where one wanted to go', /Surya Wibisana/.test(await tab.locator('header').innerText()) && await tab.locator('#ajuan').count() === 1)
    await tab.locator('#sertifikat').setInputFiles(await file(portal, '/rekaan/laras.kinanti.cer'))
    await tab.locator('#alasan').selectOption('pensiun')
    await tab.locator('#pemilik').fill('Laras Kinanti')
    await tab.locator('#pengguna').fill('laras.kinanti')
    await tab.locator('#surat-requestLetter').setInputFiles(await file(portal, '/rekaan/surat-permohonan.pdf'))
    await tab.getByRole('button', { name: 'Ajukan permohonan' }).click()
    await tab.waitForURL(/kata=file/)
    const filed = await tab.locator('cabut-status .badge', { hasText: 'Diajukan' }).waitFor().then(() => '', String)
    check('single sign-on: files', filed === '', filed)
    await press(tab.getByRole('button', { name: 'Keluar' }), tab.locator('h1', { hasText: 'Anda sudah keluar' }))
    check('single sign-on: logged out', (await context.request.get(`${origin}/permohonan`, { maxRedirects: 0 })).status() === 303)
  } catch (error) {
    check('single sign-on: walked to the end', false, `${error.stack}\n${portal.output()}`)
  } finally {
    await ends(context.close(), 60, 'the tabs close').catch((error) => check('single sign-on', false, error))
    check('single sign-on: ends on Ctrl-C', await portal.stop() === 0, portal.output())
    server.closeAllConnections()
    server.close()
  }
}
