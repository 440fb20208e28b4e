import { createSandbox } from '@cabut/sandbox'
import { describe, expect, it } from 'vitest'
import { createHttpLapor, laporCredentials, type LaporComplaint } from '../src/complaint/index.js'
import { allowPlainHttp, splpApiKey } from '../src/transport/index.js'

const as = { id: 'p-1', role: 'verifier' }
const complaint: LaporComplaint = {
  title: 'Sertifikat belum dicabut',
  content: 'NIK saya 3375014101900001, mohon ditindaklanjuti',
  institutionId: '1102',
  classification: 'Pengaduan',
  anonymous: false,
  secret: true,
}
const sandbox = await createSandbox({ faults: 'none', seed: 'lapor' })
const peer = sandbox.manage.lapor
const key = sandbox.manage.splp.key('lapor')
const client = (apiKey: string, auth: string, fetch: typeof globalThis.fetch = sandbox.fetch): ReturnType<typeof createHttpLapor> =>
  createHttpLapor({
    baseUrl: sandbox.manage.splp.url('lapor'),
    credential: [splpApiKey(apiKey), ...laporCredentials(auth, peer.token)],
    fetch,
    timeoutMs: 2_000,
    allow: [allowPlainHttp],
  })

describe('SP4N-LAPOR through SPLP: two credentials, arrays as strings', () => {
  const lapor = client(key, peer.auth)

  it('takes a complaint without the NIK, and answers in pages', async () => {
    const sent = await lapor.send(complaint, as)
    expect(sent.outcome).toBe('accepted')
    const kept = peer.complaints().at(-1)
    expect(kept).toMatchObject({
      title: complaint.title,
      content: 'NIK saya [nomor identitas dihapus], mohon ditindaklanjuti',
      secret: true,
      anonymous: false,
    })
    const ticket = kept?.ticket as string
    for (let count = 1; count <= 12; count += 1) peer.answer(ticket, 'Pemerintah Kabupaten Purbalingga', `Tindak lanjut ${count}`, 'PROSES')
    const read = await lapor.followups(ticket, as)
    expect(read).toMatchObject({ outcome: 'read', value: { status: 'PROSES' } })
    expect(read.outcome === 'read' && read.value.items.map(({ content }) => content)).toEqual(
      Array.from({ length: 12 }, (_, index) => `Tindak lanjut ${index + 1}`),
    )
  })

  it('lists institutions, rejects with a reason, and refuses twice', async () => {
    expect(await lapor.institutions(as)).toMatchObject({
      outcome: 'read',
      value: expect.arrayContaining([{ id: '1102', name: 'Pemerintah Kabupaten Purbalingga' }]) as unknown,
    })
    const { ticket } = (await lapor.send(complaint, as)) as { ticket: string }
    expect(await lapor.reject(ticket, 'Bukan layanan kami', as)).toEqual({ outcome: 'accepted', ticket })
    expect(await lapor.reject(ticket, 'Bukan layanan kami', as)).toMatchObject({ outcome: 'refused', status: 409 })
  })

  it.each([
    ['gateway', () => client('wrong', peer.auth)],
    ['LAPOR', () => client(key, 'wrong')],
  ])('is refused when the credential of the %s is wrong', async (_, make) => {
    expect(await make().send(complaint, as)).toMatchObject({ outcome: 'refused', status: 401 })
    expect(await make().institutions(as)).toMatchObject({ outcome: 'unavailable' })
  })

  it('leaves a write that timed out unknown, sent once', async () => {
    let sent = 0
    const hanging: typeof fetch = () => {
      sent += 1
      return new Promise(() => undefined)
    }
    const slow = createHttpLapor({
      baseUrl: 'https://gateway.example/lapor/3.0.0',
      credential: laporCredentials('a', 'b'),
      fetch: hanging,
      timeoutMs: 50,
    })
    expect(await slow.send(complaint, as)).toMatchObject({ outcome: 'unknown' })
    expect(sent).toBe(1)
  })

  it.each([
    ['HTML', '<html>gangguan</html>', 200],
    ['an empty body', '', 200],
    ['5xx', '{}', 500],
  ])('leaves an answer of %s unknown', async (_, body, status) => {
    const odd = createHttpLapor({
      baseUrl: 'https://gateway.example/lapor/3.0.0',
      credential: laporCredentials('a', 'b'),
      fetch: async () => new Response(body, { status }),
      timeoutMs: 500,
    })
    expect(await odd.send(complaint, as)).toMatchObject({ outcome: 'unknown' })
  })

  it('has no default host and no plain HTTP', () => {
    expect(() => createHttpLapor({ baseUrl: 'http://gateway.example/lapor', credential: laporCredentials('a', 'b') })).toThrow(
      expect.objectContaining({ code: 'transportPlainHttp' }),
    )
  })
})
