import { createHmac } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { loadStandard } from '@cabut/sdk/standard'
import { complaintStoreContract } from '@cabut/sdk/complaint'
import { createMemoryStore } from '@cabut/sdk/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPortal } from './app.js'
import { createComplaintFile } from './complaint-file.js'
import { openOffice, type Office } from './office.js'
import { sampleLetter } from './sample-letter.js'

const HOSTILE = `"'><img src=x onerror=alert(1)><script>alert(2)</script>\u0026lt;b\u0026gt;`
const folder = mkdtempSync(join(tmpdir(), 'cabut-portal-'))
let office: Office
let app: ReturnType<typeof createPortal>['app']
let letter: Uint8Array
let certificate: Uint8Array

/** Somebody with a cookie, who sends forms as a browser does. */
interface Visitor {
  get(path: string): Promise<{ status: number; html: string; headers: Headers }>
  post(path: string, fields: Readonly<Record<string, string | File | readonly File[]>>, headers?: Readonly<Record<string, string>>): Promise<{ status: number; html: string; to: string }>
  readonly csrf: () => string
}

async function visitor(who?: string): Promise<Visitor> {
  let cookie = ''
  let csrf = ''
  const self: Visitor = {
    csrf: () => csrf,
    async get(path) {
      const answer = await app.request(`http://portal.test${path}`, { headers: cookie === '' ? {} : { cookie } })
      const html = await answer.text()
      csrf = /name="csrf" value="([0-9a-f]*)"/.exec(html)?.[1] ?? csrf
      return { status: answer.status, html, headers: answer.headers }
    },
    async post(path, fields, headers = {}) {
      const body = new FormData()
      for (const [name, value] of Object.entries({ csrf, kunci: crypto.randomUUID(), ...fields })) for (const one of Array.isArray(value) ? value : [value]) body.append(name, one as string | File as string)
      const answer = await app.request(`http://portal.test${path}`, { method: 'POST', body, headers: { cookie, 'sec-fetch-site': 'same-origin', ...headers } })
      cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie
      return { status: answer.status, html: await answer.text(), to: answer.headers.get('location') ?? '' }
    },
  }
  if (who !== undefined) {
    await self.post('/masuk', { siapa: who, lanjut: '/permohonan' })
    await self.get('/permohonan')
  }
  return self
}

const pdf = (name = 'surat.pdf'): File => new File([letter as Uint8Array<ArrayBuffer>], name, { type: 'application/pdf' })
const cer = (name = 'sertifikat.cer'): File => new File([certificate as Uint8Array<ArrayBuffer>], name)

function harmless(html: string, where: string): void {
  expect(html, where).not.toMatch(/<img src=x|<script>alert|"'>/)
}

beforeAll(async () => {
  office = await openOffice({ standard: loadStandard('kabupaten-purbalingga'), port: 0, data: folder, ams: 'assisted', sandboxDelay: 0 }, { store: createMemoryStore() })
  app = createPortal(office).app
  letter = await sampleLetter('surat-permohonan') as Uint8Array
  // Who gets a certificate with such a name in it has half of every page that shows it.
  certificate = (await office.sandbox?.manage.issue({ username: 'laras.kinanti', subject: [{ type: '2.5.4.3', value: HOSTILE, stringType: 'utf8' }, { type: '2.5.4.10', value: HOSTILE, stringType: 'utf8' }, { type: '2.5.4.6', value: 'ID', stringType: 'printable' }] }))?.der as Uint8Array
}, 60_000)
afterAll(async () => {
  await office.close()
  rmSync(folder, { recursive: true, force: true })
})

async function file(opd: Visitor, fields: Readonly<Record<string, string | File>> = {}): Promise<{ status: number; html: string; to: string }> {
  return opd.post('/permohonan', {
    sertifikat: cer(), alasan: 'lainnya', pemilik: HOSTILE, pengguna: HOSTILE, keterangan: HOSTILE, 'surat-requestLetter': pdf(), 'nomor-requestLetter': `1/${HOSTILE}`.slice(0, 99), 'tanggal-requestLetter': '2026-11-19', ...fields,
  })
}

describe('hostile text in every field a person can fill', () => {
  test('is shown as text on every page that shows it', async () => {
    const opd = await visitor('surya.wibisana opdOfficer')
    const refused = await file(opd, { dn: HOSTILE })
    harmless(refused.html, 'the refused form')
    expect(refused.status).toBe(422)
    const filed = await file(opd)
    expect(filed.to).toMatch(/^\/permohonan\/P-/)
    const id = /P-[0-9a-f]+/.exec(filed.to)?.[0] as string

    const head = await visitor('wulan.prasetya head')
    const version = async (who: Visitor): Promise<string> => /name="versi" value="(\d+)"/.exec((await who.get(`/permohonan/${id}`)).html)?.[1] ?? ''
    expect((await head.post(`/permohonan/${id}/perintah/dispose`, { versi: await version(head), to: 'tegar.maulana', note: HOSTILE })).status).toBe(303)
    const officer = await visitor('tegar.maulana verifier')
    const check = await officer.get(`/permohonan/${id}/verifikasi`)
    expect(check.html).toContain('&lt;script&gt;alert(2)')
    harmless(check.html, 'verification')
    harmless((await officer.post(`/permohonan/${id}/verifikasi`, { dn: `CN=${HOSTILE.replace(/[",;+<>\\]/g, '\\$&')},C=ID` })).html, 'names side by side')
    harmless((await officer.post(`/permohonan/${id}/verifikasi`, { dn: HOSTILE })).html, 'a name that is none')
    expect((await officer.post(`/permohonan/${id}/perintah/return`, { versi: await version(officer), reasons: `${HOSTILE}\n${HOSTILE}` })).status).toBe(303)

    const complaint = await opd.post('/pengaduan', { kelas: 'ringan', uraian: HOSTILE, sifat: 'open', permohonan: id })
    expect(complaint.status).toBe(201)
    harmless(complaint.html, 'the new complaint')
    const path = /\/pengaduan\/(K-[\w-]+)/.exec((await officer.get('/pengaduan')).html)?.[0] as string
    await officer.get(path)
    harmless((await officer.post(`${path}/take`, {})).html, 'taken')
    const answered = await officer.post(`${path}/answer`, { text: HOSTILE })
    expect(answered.html).toContain('&lt;script&gt;alert(2)')
    harmless(answered.html, 'answered')
    harmless((await opd.post('/pengaduan', { kelas: HOSTILE, uraian: HOSTILE })).html, 'a refused complaint')
    harmless((await opd.post('/permohonan/massal', { jenis: 'requestLetter', alasan: 'mutasi', nomor: HOSTILE, tanggal: '2026-11-19', surat: pdf(), sertifikat: [cer(`${HOSTILE}.cer`), pdf(HOSTILE)] })).html, 'batch')
    harmless((await head.post('/administrasi/periksa', { berkas: new File([JSON.stringify({ id: HOSTILE, [HOSTILE]: 1 })], `${HOSTILE}.json`) })).html, 'standards')
    harmless((await opd.post('/rekaan/ams', { pengguna: HOSTILE, seri: HOSTILE, penerbit: HOSTILE, alasan: HOSTILE })).html, 'stand-in AMS')
    for (const who of [opd, head, officer]) {
      for (const page of ['/', '/standar', '/permohonan?selesai=1', `/permohonan/${id}`, `/permohonan/${id}?kata=${encodeURIComponent(HOSTILE)}`, `/permohonan/${id}/ams`, `/permohonan/${id}/bukti`, `/permohonan/${id}/verifikasi`,
        '/pengaduan', path, '/laporan', '/administrasi', '/rekaan', `/rekaan/halaman-asing?id=${encodeURIComponent(HOSTILE)}`, `/survei/${encodeURIComponent(HOSTILE)}`, `/masuk?lanjut=${encodeURIComponent(HOSTILE)}`, `/laporan?dari=${encodeURIComponent(HOSTILE)}`]) {
        harmless((await who.get(page)).html, page)
      }
    }
  }, 60_000)
})

describe('the wall around the forms', () => {
  test('a form from elsewhere, without or with somebody else\'s secret is refused and does nothing', async () => {
    const opd = await visitor('surya.wibisana opdOfficer')
    const before = (await office.desk.list()).length
    expect((await opd.post('/permohonan', { csrf: '', sertifikat: cer() })).status).toBe(403)
    expect((await opd.post('/permohonan', { csrf: 'f'.repeat(64), sertifikat: cer() })).status).toBe(403)
    expect((await opd.post('/permohonan', { sertifikat: cer() }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await opd.post('/permohonan', { sertifikat: cer() }, { 'sec-fetch-site': 'same-site' })).status).toBe(403)
    expect((await office.desk.list()).length).toBe(before)
  })

  test('every page forbids inline script and style; the check page may connect nowhere', async () => {
    const opd = await visitor('surya.wibisana opdOfficer')
    for (const page of ['/', '/standar', '/periksa', '/masuk', '/permohonan', '/permohonan/baru', '/pengaduan/baru', '/tidak-ada']) {
      const { headers, html } = await opd.get(page)
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy, page).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/)
      expect(policy).not.toContain('unsafe')
      expect(html, page).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|https?:\/\/(?!127\.)[^"]*\.(?:js|css)/)
    }
    expect((await opd.get('/periksa')).headers.get('content-security-policy')).toContain("connect-src 'none'")
  })

  test('the way back after a login stays inside the portal', async () => {
    for (const elsewhere of ['//jahat.contoh', '/\\jahat.contoh', 'https://jahat.contoh/', '/a?b=//x', 'javascript:alert(1)']) {
      const somebody = await visitor()
      expect((await somebody.post('/masuk', { siapa: 'surya.wibisana opdOfficer', lanjut: elsewhere })).to).toBe('/permohonan')
    }
  })

  test('nobody without a login, and no foreign office, sees a request, its letters, its proof or its AMS page', async () => {
    const opd = await visitor('surya.wibisana opdOfficer')
    const id = /P-[0-9a-f]+/.exec((await file(opd, { pemilik: 'Laras Kinanti', pengguna: 'laras.kinanti', 'nomor-requestLetter': '1/2' })).to)?.[0] as string
    const sha256 = (await office.desk.get(id)).state.letters[0]?.sha256 as string
    const foreign = await visitor('galih.nugraha opdOfficer')
    const nobody = await visitor()
    for (const page of ['', '/verifikasi', '/ams', '/bukti', '/qr.svg', '/bukti/lengkap.zip', `/berkas/${sha256}`]) {
      expect((await foreign.get(`/permohonan/${id}${page}`)).status, page).toBe(404)
      expect((await nobody.get(`/permohonan/${id}${page}`)).status, page).toBe(303)
    }
    expect((await nobody.get(`/api/v1/requests/${id}`)).status).toBe(401)
    expect((await foreign.get(`/api/v1/requests/${id}`)).status).toBe(404)
    expect((await opd.get('/laporan')).status).toBe(403)
  })

  test('an answer to the survey is taken once, by a ticket of ours only', async () => {
    const ticket = office.survey.ticketOf('P-0123456789ab')
    const nobody = await visitor()
    const scores = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`u${at + 1}`, '4']))
    expect((await nobody.post(`/survei/${ticket}`, { ...scores, u9: '5' })).status).toBe(400)
    expect((await nobody.post(`/survei/${ticket.slice(0, -1)}x`, scores)).html).toContain('tidak berlaku')
    expect((await nobody.post(`/survei/${ticket}`, scores)).html).toContain('Terima kasih')
    expect((await nobody.post(`/survei/${ticket}`, scores)).html).toContain('tidak berlaku')
    expect(office.survey.answers()).toEqual([[4, 4, 4, 4, 4, 4, 4, 4, 4]])
  })
})

describe('files that are not what they seem', () => {
  const check = async (bytes: Uint8Array, kind: 'surat' | 'sertifikat'): Promise<{ status: number; said: string }> => {
    const opd = await visitor('surya.wibisana opdOfficer')
    const { status, html } = await opd.post('/permohonan/periksa', { jenis: kind, berkas: new File([bytes as Uint8Array<ArrayBuffer>], '../../etc/passwd\u0000.pdf') })
    return { status, said: html }
  }

  test('a letter that unpacks to 200 MB is judged or refused, and is not unpacked', async () => {
    const bomb = deflateSync(Buffer.alloc(200_000_000))
    const letterBytes = Buffer.concat([Buffer.from(`%PDF-1.7\n1 0 obj\n<< /Type /XRef /Size 1 /Root 1 0 R /W [1 4 2] /Filter /FlateDecode /Length ${bomb.length} >>\nstream\n`), bomb, Buffer.from('\nendstream\nendobj\nstartxref\n9\n%%EOF\n')])
    const before = process.memoryUsage().rss
    const { status, said } = await check(letterBytes, 'surat')
    expect([status, said]).toEqual([200, expect.stringMatching(/"problem"|"letter"/) as string])
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000)
  })

  test.each([
    ['a zip', Buffer.from('PK\u0003\u0004aaaa')], ['a page', Buffer.from('<!doctype html><script>alert(1)</script>')], ['nothing', Buffer.alloc(0)], ['a GIF that is a PDF', Buffer.from('GIF89a%PDF-1.4\n%%EOF')], ['noise', Buffer.alloc(5_000, 0xff)],
  ])('%s is no certificate and no letter', async (_, bytes) => {
    for (const kind of ['surat', 'sertifikat'] as const) {
      const { status, said } = await check(bytes, kind)
      expect([status, said]).toEqual([200, expect.stringMatching(/^\{"problem"|"unsigned"|"signers":\[\]/) as string])
    }
  })
})

describe('complaints in a file', () => {
  let count = 0
  for (const { name, run } of complaintStoreContract(async () => createComplaintFile(join(folder, `aduan-${++count}.json`)))) test(name, run)

  test('are read again from the file, and the secret behind the keys of anonymous ones with them', async () => {
    const filed = (await (await visitor()).post('/pengaduan', { kelas: 'ringan', uraian: 'Layanan lambat.' })).html
    const [id = '', key = ''] = [...filed.matchAll(/<code>([^<]+)<\/code>/g)].map(([, text]) => text as string)
    const secret = readFileSync(join(folder, 'rahasia-pengaduan'), 'utf8')
    expect((await createComplaintFile(join(folder, 'pengaduan.json')).load(id))?.text).toBe('Layanan lambat.')
    expect(key).toBe(createHmac('sha256', secret).update(id).digest('hex'))
  })
})
