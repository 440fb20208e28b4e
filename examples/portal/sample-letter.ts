import { PDFDocument, StandardFonts } from 'pdf-lib'

const texts = {
  'surat-permohonan': ['PEMERINTAH KABUPATEN CONTOH', 'DINAS PENDIDIKAN (REKAAN)', '', 'Nomor : 800/15/DINDIK', 'Hal   : Permohonan pencabutan sertifikat elektronik', '', 'Mohon dicabut sertifikat elektronik Laras Kinanti karena mutasi.', '', 'Kepala Dinas Pendidikan (rekaan)'],
  'surat-keterangan': ['SURAT KETERANGAN ALASAN PENCABUTAN (REKAAN)', '', 'Yang bertanda tangan di bawah ini menerangkan bahwa sertifikat elektroniknya', 'perlu dicabut karena perubahan jabatan.'],
  'surat-jawaban': ['DINAS KOMUNIKASI DAN INFORMATIKA (REKAAN)', '', 'Nomor : 000.8.3.3/21/DINKOMINFO', 'Hal   : Jawaban permohonan pencabutan', '', 'Permohonan Saudara telah selesai dilaksanakan.'],
} as const
export type SampleLetter = keyof typeof texts

/** A plain letter of invented people. */
export async function sampleLetter(name: string): Promise<Uint8Array | undefined> {
  if (!Object.hasOwn(texts, name)) return undefined
  const document = await PDFDocument.create()
  const font = await document.embedFont(StandardFonts.Helvetica)
  const page = document.addPage([595, 842])
  for (const [line, text] of texts[name as SampleLetter].entries()) page.drawText(text, { x: 72, y: 760 - line * 18, size: 11, font })
  return document.save({ useObjectStreams: false })
}
