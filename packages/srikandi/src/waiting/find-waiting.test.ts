import { describe, expect, it } from 'vitest'
import { findWaiting } from './find-waiting.js'

const signer = { nama: 'Laras Kinanti', jabatan: 'Sekretaris Dinas Pendidikan' }
const imported = (rows: readonly unknown[]): Parameters<typeof findWaiting>[0] => ({ at: new Date('2026-11-20T18:00:00Z'), rows, zone: 'WIB' })

describe('letters that wait for a signer whose certificate is revoked', () => {
  it('lists what waits in each state, with what to do, and says how old the import is', () => {
    const report = findWaiting(imported([
      { nomor: '${nomor_naskah}', hal: 'Konsep surat', status_naskah: 'Konsep', penandatangan: [{ nama: 'LARAS  KINANTI' }] },
      { hal: 'Perlu paraf', status_naskah: 'Verifikasi', verifikator: ['Laras Kinanti'], penandatangan: ['Orang Lain'] },
      { hal: 'Menunggu TTE', status_naskah: 'Menunggu Tanda Tangan', nama_penandatangan: 'Laras Kinanti' },
      { hal: 'Belum dikirim', status_naskah: 'Ditandatangani, belum dikirim', penandatangan: [{ nama: 'x', jabatan: 'Sekretaris Dinas Pendidikan' }] },
      { hal: 'Masuk', status: 'Belum didisposisi', tujuan: [{ nama: 'Laras Kinanti' }] },
      { hal: 'Sudah', status_naskah: 'Terkirim', penandatangan: ['Laras Kinanti'] },
      { hal: 'Orang lain', status_naskah: 'Konsep', penandatangan: ['Laras Kinanti Putri'] },
      { hal: 'Keadaan baru', status_naskah: 'Diarsipkan sementara', penandatangan: ['Laras Kinanti'] },
      'bukan baris', { status_naskah: 7.5, penandatangan: ['Laras Kinanti'] },
    ]), signer)
    expect(report.letters.map(({ at, waitsFor }) => [at, waitsFor])).toEqual([['rows[0]', 'draft'], ['rows[1]', 'verify'], ['rows[2]', 'sign'], ['rows[3]', 'send'], ['rows[4]', 'dispose']])
    expect(report.letters[2]?.advice.id).toContain('pengguna tidak terdaftar')
    expect(report.unread).toEqual(['rows[7]', 'rows[8]', 'rows[9]'])
    // 18:00 UTC is the next day in WIB.
    expect(report.notice.id).toMatch(/^Berdasarkan impor tanggal 21 November 2026; .*tidak termasuk$/)
    expect(findWaiting(imported([]), signer).notice.en).toContain('not included')
  })
})
