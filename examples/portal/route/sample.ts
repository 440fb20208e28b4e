import { bearer, createHttpAms } from '@cabut/sdk'
import { text, viewOf, type Portal, type Rooms } from '../visit.js'
import { foreignPage, sampleAmsPage, samplePage } from '../page/sample.js'
import { sampleLetter } from '../sample-letter.js'

/** Files to try the portal with, and a stand-in for the AMS page. Mounted only beside the sandbox. */
export function sampleRoutes(app: Portal, { office }: Rooms): void {
  const { sandbox } = office
  if (sandbox === undefined) return
  app.get('/rekaan', (c) => c.html(samplePage(viewOf(office, c))))
  app.get('/rekaan/halaman-asing', (c) => c.html(foreignPage(viewOf(office, c), c.req.query('id'), c.req.query('lang') === 'en' ? 'en' : 'id')))
  app.get('/rekaan/ams', (c) => c.html(sampleAmsPage(viewOf(office, c))))
  app.post('/rekaan/ams', async (c) => {
    const form = c.get('form')
    const field = (name: string): string => text(form, name).trim()
    const ams = createHttpAms({ baseUrl: sandbox.urls.ams, credential: bearer((actor) => sandbox.manage.token(actor.id)), honoursIdempotencyKey: true })
    const verifier = office.people.find(({ roles }) => roles.includes('verifier'))?.id ?? ''
    const letter = await sampleLetter('surat-permohonan')
    if (letter === undefined || !/^[0-9a-f]{1,64}$/i.test(field('seri'))) return c.html(sampleAmsPage(viewOf(office, c), { words: 'Nomor seri tidak dikenal.' }), 400)
    const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', letter as Uint8Array<ArrayBuffer>)).toString('hex')
    const outcome = await ams.fileRevocation(
      { username: field('pengguna'), certificate: { issuerDn: field('penerbit'), serial: field('seri').toLowerCase().replace(/^0+(?=.)/, '') }, reason: field('alasan'), letters: [{ bytes: letter, sha256 }] },
      { as: { id: verifier, role: 'verifier' }, idempotencyKey: text(form, 'kunci') || crypto.randomUUID() },
    ).catch(() => undefined)
    if (outcome?.outcome === 'accepted') return c.html(sampleAmsPage(viewOf(office, c), { words: 'Terkirim, menunggu BSrE.', record: outcome.revocation.id }))
    return c.html(sampleAmsPage(viewOf(office, c), { words: outcome?.outcome === 'refused' ? `AMS menolak: ${outcome.message}` : 'AMS tiruan tidak menjawab.' }), 400)
  })
  app.get('/rekaan/penerbit.crl', async () => {
    const answer = await fetch(sandbox.urls.crl)
    return new Response(answer.body, { headers: { 'Content-Type': 'application/pkix-crl', 'Content-Disposition': 'attachment; filename="penerbit.crl"' } })
  })
  app.get('/rekaan/:file{[a-z.-]+\\.(?:cer|pdf)}', async (c) => {
    const file = c.req.param('file')
    const name = file.slice(0, -4)
    if (file.endsWith('.cer')) {
      if (!office.people.some(({ id, roles }) => id === name && roles.includes('holder'))) return c.notFound()
      return c.body(await office.sampleCertificate(name) as unknown as ArrayBuffer, 200, { 'Content-Type': 'application/pkix-cert', 'Content-Disposition': `attachment; filename="${file}"` })
    }
    const letter = await sampleLetter(name)
    return letter === undefined ? c.notFound() : c.body(letter as unknown as ArrayBuffer, 200, { 'Content-Type': 'application/pdf', 'Content-Disposition': `attachment; filename="${file}"` })
  })
}
