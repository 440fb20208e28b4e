// A folder with a signed letter goes in, an answer letter comes out, proven; then one letter for many holders, where the standard takes such letters.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDesk } from '@cabut/sdk'
import { unzipReceipt, verifyReceipt } from '@cabut/sdk/receipt'
import { createFolderTransport, createLetterDesk } from '@cabut/srikandi'
import { createDocxForm } from '@cabut/srikandi/docx'
import { loadStandard } from '@cabut/sdk/standard'
import { signLetter } from '@cabut/sandbox/letter'
import { openOffice } from './office.js' // a sandbox on loopback and invented officers

const { sandbox, ams, anchors, intermediates, fetch, certificate, letter, head, verifier, close } = await openOffice()
const desk = createDesk({ standard: 'kabupaten-purbalingga', ams, anchors, intermediates, fetch, pace: { ams: 200, proof: 200 } })

const folder = await mkdtemp(join(tmpdir(), 'srikandi-'))
const transport = await createFolderTransport({ folder })
const common = {
  offices: [{ code: 'dindik', name: 'Dinas Pendidikan', numberCodes: ['DINDIK'], signatories: [{ nama: 'Surya Wibisana' }] }],
  signatures: { anchors, intermediates, fetch }, // who signed, and how their certificate stands
  people: { 'Kepala Dinas Kominfo': head, 'Verifikator Sertifikat Elektronik': verifier },
  registrar: { id: 'petugas.surat', role: 'registrar', opd: 'dinkominfo' },
  officer: head,
  letterhead: { lines: ['PEMERINTAH KABUPATEN CONTOH', 'DINAS KOMUNIKASI DAN INFORMATIKA'], place: 'Contoh' },
  signatory: { nama: 'Wulan Prameswari', jabatan: 'Kepala Dinas Komunikasi dan Informatika' },
  forms: [createDocxForm()], // for Srikandi, with its variables kept; the PDF is for reading
} satisfies Partial<Parameters<typeof createLetterDesk>[0]>
const letters = createLetterDesk({ desk, transport, ...common })

// What a person brings from Srikandi: the row as exported, what the letter asks for, and the PDF.
const base64 = Buffer.from(certificate).toString('base64').replace(/(.{64})/g, '$1\n')
const signer = await sandbox.manage.issue({ username: 'surya.wibisana' }) // the head of the OPD: never the holder's own certificate
const signed = await signLetter(letter.bytes, signer, new Date())
await writeFile(join(folder, 'inbox', 'surat-masuk.pdf'), signed)
await writeFile(join(folder, 'inbox', 'surat-masuk.json'), JSON.stringify({
  nomor: '800/15/DINDIK', tanggal: '19 November 2026', hal: 'Permohonan Pencabutan Sertifikat Elektronik', ringkasan: 'Mohon dicabut karena mutasi',
  nama_pengirim: 'Surya Wibisana', jabatan_pengirim: 'Kepala Dinas Pendidikan', status_baca: 'Sudah dibaca', status_tindak: 'Disposisi',
  disposisi: [{ dari: 'Kepala Dinas Kominfo', kepada: 'Verifikator Sertifikat Elektronik', instruksi: 'Proses sesuai standar', status: 'Sudah dibaca' }],
  permohonan: { alasan: 'Mutasi', nama: 'Laras Kinanti', username: 'laras.kinanti', sertifikat: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----` },
}))

for (const received of await letters.receive()) {
  console.log(`letter in: ${received.name} ${received.outcome}`)
  if (received.outcome !== 'taken') throw received.error
  for (const { code, id } of received.examination?.findings ?? []) console.log(`for the verifier: ${id} [${code}]`)
  for (const { request = '' } of received.requests) {
    await desk.approve(request, { as: verifier, findings: { data: 'match', completeness: 'complete', subjectDn: 'match' } })
    const proof = await desk.proven(request)
    console.log(`request ${request}: revoked, proven by ${proof.source}`)
  }
}

for (const answer of await letters.answer()) {
  const out = join(folder, 'outbox', answer.key)
  for (const name of (await readdir(out)).sort()) console.log(`answer out: ${name}`)
  for (const { receipt } of answer.content.rows) {
    if (receipt === undefined) continue
    const { valid } = await verifyReceipt(unzipReceipt(await readFile(join(out, receipt.name))), { anchors })
    console.log(`receipt ${receipt.sha256.slice(0, 16)}... valid: ${valid}`)
  }
}

// One letter, many holders: refused with advice where the standard takes one request for one certificate, taken where its data says so.
const table = Array.from({ length: 3 }, (_, index) => ({ nama: `Pegawai ${index + 1}`, penerbit: signer.issuerDn, nomor_seri: `a${index}f` }))
const batch = async (name: string): Promise<void> => {
  await writeFile(join(folder, 'inbox', `${name}.pdf`), signed)
  await writeFile(join(folder, 'inbox', `${name}.json`), JSON.stringify({ nomor: '800/16/DINDIK', tanggal: '19 November 2026', hal: 'Permohonan', jabatan_pengirim: 'Kepala Dinas Pendidikan', permohonan: { alasan: 'Mutasi', pemegang: table } }))
}
await batch('kolektif')
for (const received of await letters.receive()) console.log(`batch letter: ${received.outcome === 'rejected' ? received.error.code : received.outcome}`)
const purbalingga = loadStandard('kabupaten-purbalingga')
const elsewhere = createDesk({
  standard: { ...purbalingga, id: 'kabupaten-contoh', region: { name: 'Contoh', kind: 'kabupaten', invented: true }, filing: { ...purbalingga.filing, batch: { offered: true, maxHolders: 100 } } },
  ams, anchors, intermediates, fetch, worker: false,
})
await batch('kolektif-lagi')
for (const received of await createLetterDesk({ ...common, desk: elsewhere, transport }).receive()) {
  if (received.outcome === 'taken') console.log(`batch letter: ${received.requests.filter(({ outcome }) => outcome === 'filed').length} requests under one letter`)
  else throw received.error
}

await elsewhere.close()
await desk.close()
await close()
await rm(folder, { recursive: true })
