import type { FolderTransport, OutgoingLetter } from '@cabut/srikandi'

/** Takes every letter, sends an answer, accepts it: what a service does with a folder. */
export async function work(transport: FolderTransport, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    for (const delivery of await transport.fetchNew({ limit: 3 })) {
      const { nomor } = delivery.row as { nomor: string }
      const letter: OutgoingLetter = {
        kind: 'answer', nomor: '${nomor_naskah}', tanggal: '${tanggal_naskah}', hal: 'Jawaban', state: 'konsep', tujuan: [], tembusan: [], lampiran: [], verifikator: [], penandatangan: [],
        menjawab: { identity: { office: 'A', number: nomor, year: 2026 }, nomor, tanggal: '2026-11-20' },
      }
      await transport.send({ key: `J-${nomor}`, letter, files: [{ name: 'jawaban.pdf', mediaType: 'application/pdf', bytes: delivery.pdf?.bytes ?? new Uint8Array() }] })
      await delivery.accept({ pdf: delivery.pdf?.sha256 ?? null })
    }
  }
}
