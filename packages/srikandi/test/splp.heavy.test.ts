import { afterEach, describe, expect, it } from 'vitest'
import { createSandbox, type FaultRule, type Sandbox } from '@cabut/sandbox'
import { assumedSplpProfile, createSplpTransport, type LetterTransport, type OutgoingLetter, type RequestDetails, type SplpTransportOptions } from '@cabut/srikandi'
import { unzipReceipt, verifyReceipt } from '@cabut/sdk/receipt'
import { allowPlainHttp } from '@cabut/sdk/ams'
import { findings, letterPdf, openLetterOffice, verifier, type LetterOffice } from './letter-office.js'

let sandbox: Sandbox | undefined
let office: LetterOffice | undefined
afterEach(async () => { await office?.close(); await sandbox?.close(); office = sandbox = undefined })

/** Everything a network and a gateway may do to a letter, often, before and after the peer has acted. */
const faults: readonly FaultRule[] = [
  ...(['reset', 'resetAfterCommit', 'timeout', 'timeoutAfterCommit', 'throttle', 'refuse', 'redirect'] as const).map((kind): FaultRule => ({ kind, on: 'splp.forward', probability: 0.03 })),
  ...(['html', 'empty', 'invalidJson', 'truncate', 'status'] as const).map((kind): FaultRule => ({ kind, on: ['splp.forward', 'srikandi.*'], probability: 0.03, commit: true })),
]

/** A register book: one key, one number, for ever. */
function book(): SplpTransportOptions['number'] {
  const numbers = new Map<string, { nomor: string; tanggal: string }>()
  return async (key) => {
    const known = numbers.get(key) ?? { nomor: `000.8.3.3/${100 + numbers.size}/DINKOMINFO`, tanggal: '2026-11-24' }
    numbers.set(key, known)
    return known
  }
}

function connect(box: Sandbox, more: Partial<SplpTransportOptions> = {}): LetterTransport {
  const token = box.manage.srikandi.token('DINKOMINFO')
  return createSplpTransport({
    baseUrl: box.manage.splp.url('srikandi'), profile: assumedSplpProfile, fetch: box.fetch, allow: [allowPlainHttp], timeoutMs: 80, retries: 3, number: book(),
    credentials: [{ header: 'APIkey', value: () => box.manage.splp.key('srikandi') }, { header: 'Authorization', value: () => `Bearer ${token}` }], ...more,
  })
}

const draft = (nomor: string): Parameters<Sandbox['manage']['srikandi']['letters']['send']>[1] => ({
  nama_pengirim: 'Sri Wahyuni', jabatan_pengirim: 'Kepala Dinas Pendidikan', tujuan: ['DINKOMINFO'], tembusan: [], nomor, tanggal: '2026-11-23', hal: 'Permohonan Pencabutan', ringkasan: '', jenis: 'Surat Dinas', sifat: 'Biasa',
})

const outgoing: OutgoingLetter = {
  kind: 'answer', nomor: '${nomor_naskah}', tanggal: '${tanggal_naskah}', hal: 'Jawaban', state: 'konsep', sifat: 'Biasa', tujuan: [{ lingkup: 'eksternalSrikandi', nama: 'Kepala Dinas Pendidikan', unit: 'DINDIK' }], tembusan: [],
  lampiran: [], verifikator: [], penandatangan: [{ nama: 'Wulan Prameswari', jabatan: 'Kepala Dinas' }], menjawab: { identity: { office: 'DINDIK', number: '1', year: 2026 }, nomor: '1', tanggal: '2026-11-23' },
}

/** Calls until it goes through: what a scheduler does. */
async function persist<T>(act: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try { return await act() } catch (error) {
      if ((error as { code?: string }).code !== 'letterTransportUnavailable' || attempt > 200) throw error
    }
  }
}

async function attachmentsOf(pdf: Uint8Array): Promise<ReadonlyMap<string, Uint8Array>> {
  const { getDocument } = await import('unpdf/pdfjs')
  const task = getDocument({ data: pdf.slice(), isEvalSupported: false, verbosity: 0 })
  const found = (await (await task.promise).getAttachments()) as Record<string, { filename: string; content: Uint8Array }> | null
  const files = new Map(Object.values(found ?? {}).map(({ filename, content }) => [filename, new Uint8Array(content)]))
  await task.destroy()
  return files
}

describe('SPLP transport against the sandbox peer', () => {
  it('sends every letter once, whatever the network does, and finds again what it lost', async () => {
    sandbox = await createSandbox({ seed: 'splp-send', faults, hang: 120 })
    const transport = connect(sandbox)
    const pdf = await letterPdf('jawaban')
    const keys = Array.from({ length: 8 }, (_, index) => `J-${index}`)
    for (const key of keys) {
      const sent = await persist(() => transport.send({ key, letter: outgoing, files: [{ name: 'jawaban.pdf', mediaType: 'application/pdf', bytes: pdf }] }))
      expect(sent).toMatchObject({ state: 'sent', files: [{ name: 'jawaban.pdf' }] })
      expect(sent.files[0]?.bytes).toEqual(pdf)
    }
    for (const key of keys) expect(await persist(() => transport.send({ key, letter: outgoing, files: [{ name: 'jawaban.pdf', mediaType: 'application/pdf', bytes: pdf }] }))).toMatchObject({ repeated: true })
    const out = sandbox.manage.srikandi.letters.outbox('DINKOMINFO')
    expect(out.map(({ nomor }) => nomor)).toEqual(keys.map((_, index) => `000.8.3.3/${100 + index}/DINKOMINFO`))
    expect(sandbox.manage.srikandi.letters.inbox('DINDIK')).toHaveLength(8)
    expect(await persist(() => transport.status('J-3'))).toMatchObject({ state: 'sent', nomor: '000.8.3.3/103/DINKOMINFO' })
  }, 400_000)

  it('fetches every letter whole, hands it out again only when its row changes, and disposes once', async () => {
    sandbox = await createSandbox({ seed: 'splp-fetch', faults, hang: 120 })
    const { letters } = sandbox.manage.srikandi
    const pdf = await letterPdf('permohonan')
    for (let index = 0; index < 24; index += 1) letters.send('DINDIK', draft(`000.8.3.3/${index + 10}/DINDIK`), pdf)
    const transport = connect(sandbox)
    const seen = new Map<string, Uint8Array | undefined>()
    for (let round = 0; round < 100 && seen.size < 24; round += 1) {
      for (const delivery of await persist(() => transport.fetchNew({ limit: 100 }))) {
        if (delivery.problem !== undefined) { await delivery.release(); continue }
        const { nomor } = delivery.row as { nomor: string }
        expect(seen.has(nomor)).toBe(false)
        seen.set(nomor, delivery.pdf?.bytes)
        await delivery.accept({})
      }
    }
    expect(seen.size).toBe(24)
    for (const bytes of seen.values()) expect(bytes).toEqual(pdf)
    const identity = { office: 'DINDIK', number: '000.8.3.3/12/DINDIK', year: 2026 }
    const disposition = { dari: 'Kepala Dinas Kominfo', kepada: 'Tegar Maulana', instruksi: 'Proses', status: 'belumDibaca' } as const
    await persist(() => transport.dispose('D-1', identity, disposition))
    expect(await persist(() => transport.dispose('D-1', identity, disposition))).toEqual({ repeated: true })
    expect(letters.inbox('DINKOMINFO').flatMap(({ status }) => status['DINKOMINFO']?.disposisi ?? [])).toHaveLength(1)
    const [changed] = await persist(() => transport.fetchNew())
    expect(changed?.row).toMatchObject({ nomor: '000.8.3.3/12/DINDIK', disposisi: [{ dari: 'Kepala Dinas Kominfo' }] })
  }, 400_000)

  it('refuses to be built without an address or with one that leaks', async () => {
    sandbox = await createSandbox({ seed: 'splp', faults: 'none' })
    const box = sandbox
    for (const [baseUrl, code] of [['', 'transportBaseUrl'], ['ftp://x/y', 'transportBaseUrl'], ['https://a:b@x/y', 'transportBaseUrl'], ['https://x/y?k=1', 'transportBaseUrl'], ['http://x/y', 'transportPlainHttp']] as const) {
      expect(() => connect(box, { baseUrl, allow: [] })).toThrow(expect.objectContaining({ code }))
    }
    expect(() => connect(box, { credentials: [{ header: 'APIkey', value: () => 'a' }, { header: 'apikey', value: () => 'b' }] })).toThrow(TypeError)
    await expect(connect(box, { retries: 0, credentials: [{ header: 'APIkey', value: () => 'wrong' }] }).fetchNew()).rejects.toMatchObject({ code: 'letterTransportUnavailable' })
  })

  it('Purbalingga end to end: letter and disposition through SPLP, an officer confirms the reading, the answer goes back', async () => {
    const details = new Map<string, RequestDetails>()
    let transport: LetterTransport | undefined
    const lazy: LetterTransport = {
      fetchNew: (options) => transport?.fetchNew(options) ?? Promise.resolve([]), send: (sending) => (transport as LetterTransport).send(sending),
      dispose: (...given) => (transport as LetterTransport).dispose(...given), status: (key) => (transport as LetterTransport).status(key),
    }
    office = await openLetterOffice({ letters: { transport: lazy, describe: async ({ nomor }) => (details.has(nomor.text) ? [details.get(nomor.text) as RequestDetails] : undefined) } })
    const here = office
    transport = connect(here.sandbox, { timeoutMs: 400 })
    const leaf = await here.issue()
    const peer = here.sandbox.manage.srikandi.letters
    const { id: letterId } = peer.send('DINDIK', draft('000.8.3.3/15/DINDIK'), await letterPdf('Permohonan'))
    expect(await persist(() => here.letters.receive())).toMatchObject([{ outcome: 'rejected', error: { code: 'letterDetailsMissing' } }])
    details.set('000.8.3.3/15/DINDIK', { at: 'permohonan', certificate: { certificate: leaf.certificatePem, username: 'surya.wibisana' }, reason: 'mutasi' })
    peer.dispose('DINKOMINFO', letterId, 'Kepala Dinas Kominfo', 'Tegar Maulana', 'Proses')
    for (let round = 0; round < 20 && (await here.desk.list()).length === 0; round += 1) await persist(() => here.letters.receive())
    const [request] = await here.desk.list()
    expect(request?.status).toBe('disposed')
    await here.desk.approve(request?.id ?? '', { as: verifier, findings })
    await here.pass(3 * 3_600_000)
    const [answer] = await persist(() => here.letters.answer())
    expect(answer?.content.rows).toMatchObject([{ outcome: 'Dicabut, terbukti' }])
    expect(peer.inbox('DINDIK')).toMatchObject([{ pengirim: 'DINKOMINFO', hal: 'Jawaban Permohonan Pencabutan Sertifikat Elektronik', nomor: '000.8.3.3/100/DINKOMINFO' }])
    // The receipt travels in the answer: whoever has the letter can verify it.
    const [answered] = peer.inbox('DINDIK')
    const attached = await attachmentsOf(peer.file('DINDIK', answered?.id ?? ''))
    expect([...attached.keys()].sort()).toEqual([`bukti-${leaf.serial}.zip`, 'bukti.sha256'].sort())
    expect(await verifyReceipt(unzipReceipt(attached.get(`bukti-${leaf.serial}.zip`) ?? new Uint8Array()), { anchors: here.sandbox.anchors })).toMatchObject({ valid: true })
    expect(new TextDecoder().decode(attached.get('bukti.sha256'))).toContain(answer?.content.rows[0]?.receipt?.sha256)
    await persist(() => here.letters.answer())
    expect(peer.inbox('DINDIK')).toHaveLength(1)
  }, 400_000)
})
