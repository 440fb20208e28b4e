import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSandbox, type Sandbox } from '@cabut/sandbox'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await createSandbox({ faults: 'none', reuseKeys: true, now: () => Date.parse('2026-05-26T07:00:00Z') })
})
afterAll(() => sandbox.close())

interface Reply {
  status: number
  json: any
}
async function call(url: string, method: string, headers: Record<string, string>, body?: unknown): Promise<Reply> {
  const form = body instanceof URLSearchParams
  const response = await sandbox.fetch(url, {
    method,
    headers: { ...(body !== undefined && !form ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
  })
  return { status: response.status, json: await response.json() }
}

describe('SPLP gateway: two stacked credentials', () => {
  test('APIkey or AuthorizationSPLP opens the gateway, the bearer token opens AMS behind it', async () => {
    const inner = { authorization: `Bearer ${sandbox.manage.token('ratna.pertiwi')}` }
    const key = sandbox.manage.splp.key('ams')
    const url = `${sandbox.manage.splp.url('ams')}/reasons`
    expect(url).toBe('http://sandbox.cabut.invalid/splp/t/contoh.go.id/ams/1.0.0/reasons')
    expect((await call(url, 'GET', { ...inner, apikey: key })).json.success).toBe(true)
    expect((await call(url, 'GET', { ...inner, authorizationsplp: `Bearer ${key}` })).json.success).toBe(true)
    expect((await call(url.replace('/t/contoh.go.id', ''), 'GET', { ...inner, apikey: key })).json.success).toBe(true)
    expect(await call(url, 'GET', { apikey: key })).toMatchObject({ status: 401, json: { success: false, code: 'UNAUTHORIZED' } })
    expect(await call(url, 'GET', inner)).toMatchObject({ status: 401, json: { code: '900902' } })
    expect(await call(url, 'GET', { ...inner, apikey: sandbox.manage.splp.key('lapor') })).toMatchObject({
      status: 401,
      json: { code: '900901' },
    })
    expect((await call(url.replace('1.0.0', '9.0.0'), 'GET', { ...inner, apikey: key })).status).toBe(404)
    expect((await call(url.replace('contoh.go.id', 'lain.go.id'), 'GET', { ...inner, apikey: key })).status).toBe(404)
  })

  test('bodies and queries pass through; the gateway key does not', async () => {
    const { url, key } = { url: sandbox.manage.splp.url('lapor'), key: sandbox.manage.splp.key('lapor') }
    const headers = { apikey: key, auth: sandbox.manage.lapor.auth, token: sandbox.manage.lapor.token }
    expect((await call(`${url}/masters/institutions/external?page=1`, 'GET', headers)).json.data.length).toBeGreaterThan(1)
    expect(
      (
        await call(`${url}/complaints/complaint`, 'POST', headers, {
          title: 'Pencabutan',
          content: 'Belum selesai',
          institution_id: '1102',
        })
      ).json.status,
    ).toBe(true)
  })
})

describe('Srikandi-like peer (ASSUMED)', () => {
  const PDF = Buffer.from('%PDF-1.7 surat').toString('base64')
  const draft = {
    nama_pengirim: 'Arya Kusuma',
    jabatan_pengirim: 'Kepala Dinas',
    tujuan: ['Dinkominfo'],
    tembusan: ['Inspektorat'],
    nomor: '000.8.3.3/15/OR',
    tanggal: '2026-05-20',
    hal: 'Permohonan pencabutan sertifikat elektronik',
    ringkasan: 'Mutasi',
    jenis: 'Surat Dinas',
    sifat: 'Biasa',
    file: PDF,
  }
  test('send, read, dispose, cancel only while unread, dispose again, settle', async () => {
    const opd = { authorization: `Bearer ${sandbox.manage.srikandi.token('Dinas Arsip')}` }
    const kominfo = { authorization: `Bearer ${sandbox.manage.srikandi.token('Dinkominfo')}` }
    const at = sandbox.urls.srikandi
    const sent = await call(`${at}/letters`, 'POST', opd, draft)
    const id = sent.json.data.id as string
    expect(await call(`${at}/letters`, 'POST', opd, draft)).toMatchObject({ status: 409, json: { code: 'NOMOR_TERPAKAI' } })
    expect((await call(`${at}/letters`, 'POST', opd, { ...draft, tanggal: '2027-01-04' })).status).toBe(200)
    expect(await call(`${at}/letters`, 'POST', opd, { ...draft, tanggal: '2026-02-30' })).toMatchObject({ status: 422 })
    const inbox = await call(`${at}/inbox`, 'GET', kominfo)
    expect(inbox.json.data.rows[0]).toMatchObject({
      nomor: '000.8.3.3/15/OR',
      nama_pengirim: 'Arya Kusuma',
      status_baca: 'BELUM',
      status_tindak: 'BELUM',
    })
    expect(inbox.json.data.rows[0].hash_value).toMatch(/^[0-9a-f]{64}$/)
    const file = await sandbox.fetch(`${at}/letters/${id}/file`, { headers: kominfo })
    expect(Buffer.from(await file.arrayBuffer()).toString()).toBe('%PDF-1.7 surat')
    const disposed = await call(`${at}/letters/${id}/dispositions`, 'POST', kominfo, {
      dari: 'Kepala Dinas',
      kepada: 'Tim Verifikasi',
      instruksi: 'Proses',
    })
    const first = disposed.json.data.disposisi[0].id as string
    expect((await call(`${at}/letters/${id}/dispositions/${first}`, 'DELETE', kominfo)).json.data.status_tindak).toBe('BELUM')
    const again = await call(`${at}/letters/${id}/dispositions`, 'POST', kominfo, {
      dari: 'Kepala Dinas',
      kepada: 'Tim Verifikasi',
      instruksi: 'Proses',
    })
    const second = again.json.data.disposisi[1].id as string
    await call(`${at}/letters/${id}/dispositions/${second}/read`, 'POST', kominfo)
    expect(await call(`${at}/letters/${id}/dispositions/${second}`, 'DELETE', kominfo)).toMatchObject({
      status: 409,
      json: { code: 'SUDAH_DIBACA' },
    })
    expect((await call(`${at}/letters/${id}/settle`, 'POST', kominfo)).json.data.status_tindak).toBe('SELESAI')
    expect(await call(`${at}/letters/${id}/dispositions`, 'POST', kominfo, { dari: 'a', kepada: 'b', instruksi: 'c' })).toMatchObject({
      status: 409,
      json: { code: 'SUDAH_SELESAI' },
    })
    expect((await call(`${at}/outbox`, 'GET', opd)).json.data.rows[0].dibaca_oleh).toEqual(['Dinkominfo'])
  })

  test('another office sees nothing; no token, no answer', async () => {
    const other = { authorization: `Bearer ${sandbox.manage.srikandi.token('Kantor Lain')}` }
    expect((await call(`${sandbox.urls.srikandi}/inbox`, 'GET', other)).json.data.total).toBe(0)
    expect((await call(`${sandbox.urls.srikandi}/letters/surat-000001`, 'GET', other)).status).toBe(404)
    expect((await call(`${sandbox.urls.srikandi}/inbox`, 'GET', {})).status).toBe(401)
  })
})

describe('SP4N-LAPOR peer', () => {
  test('complaint, follow-ups by page, rejection once; arrays travel as strings', async () => {
    const { auth, token } = sandbox.manage.lapor
    const at = sandbox.urls.lapor
    const filed = await call(
      `${at}/complaints/complaint`,
      'POST',
      { auth, token },
      new URLSearchParams({ title: 'Layanan', content: 'Lambat', institution_id: '1101', attachments: '["a.pdf"]', is_anonymous: '1' }),
    )
    const ticket = filed.json.data.tracking_id as string
    expect(
      await call(
        `${at}/complaints/complaint`,
        'POST',
        { auth, token },
        { title: 'x', content: 'y', institution_id: '1101', attachments: ['a.pdf'] },
      ),
    ).toMatchObject({ status: 422 })
    expect((await call(`${at}/complaints/complaint`, 'POST', { auth, token: 'wrong' }, {})).status).toBe(401)
    for (let i = 1; i <= 11; i++) sandbox.manage.lapor.answer(ticket, 'Dinkominfo', `Jawaban ${i}`)
    const second = await call(`${at}/complaints/${ticket}/followups?page=2`, 'GET', { auth, token })
    expect(second.json).toMatchObject({ data: [{ content: 'Jawaban 11' }], meta: { page: '2', total: '11', last_page: '2' } })
    expect(
      (await call(`${at}/complaints/process/${ticket}/reject`, 'POST', { auth, token }, { reason: 'Bukan kewenangan' })).json.status,
    ).toBe(true)
    expect((await call(`${at}/complaints/process/${ticket}/reject`, 'POST', { auth, token }, { reason: 'Lagi' })).status).toBe(409)
    expect(sandbox.manage.lapor.complaints().find((one) => one.ticket === ticket)).toMatchObject({ status: 'DITOLAK', anonymous: true })
  })
})
