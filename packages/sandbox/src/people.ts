import type { ReasonRow, SandboxUser } from './state.js'

const PEKALONGAN = 'Pemerintah Kota Pekalongan'
const PURBALINGGA = 'Pemerintah Kabupaten Purbalingga'

/**
 * Invented people. The NIK begin with 9999, a region code that does not exist.
 *
 * @example
 * ```ts
 * DEFAULT_USERS.find(({ role }) => role === 'Verifikator')?.username // 'dewi.larasati'
 * DEFAULT_USERS.every(({ nik }) => nik === undefined || nik.startsWith('9999')) // true
 * ```
 */
export const DEFAULT_USERS: readonly SandboxUser[] = [
  {
    username: 'ratna.pertiwi',
    name: 'Ratna Pertiwi',
    role: 'Pengguna',
    agency: PEKALONGAN,
    nik: '9999010101800001',
    email: 'ratna.pertiwi@pekalongan.contoh.go.id',
  },
  {
    username: 'bima.anggara',
    name: 'Bima Anggara',
    role: 'Pengguna',
    agency: PEKALONGAN,
    nik: '9999010101800002',
    email: 'bima.anggara@pekalongan.contoh.go.id',
  },
  { username: 'dewi.larasati', name: 'Dewi Larasati', role: 'Verifikator', agency: PEKALONGAN },
  { username: 'hadi.prakoso', name: 'Hadi Prakoso', role: 'RA', agency: PEKALONGAN },
  {
    username: 'surya.wibisana',
    name: 'Surya Wibisana',
    role: 'Pengguna',
    agency: PURBALINGGA,
    nik: '9999020101800001',
    email: 'surya.wibisana@purbalingga.contoh.go.id',
  },
  {
    username: 'laras.kinanti',
    name: 'Laras Kinanti',
    role: 'Pengguna',
    agency: PURBALINGGA,
    nik: '9999020101800002',
    email: 'laras.kinanti@purbalingga.contoh.go.id',
  },
  { username: 'tegar.maulana', name: 'Tegar Maulana', role: 'Verifikator', agency: PURBALINGGA },
  { username: 'ningrum.sekar', name: 'Ningrum Sekar', role: 'RA', agency: PURBALINGGA },
  { username: 'petugas.bsre', name: 'Petugas BSrE (rekaan)', role: 'BSrE', agency: 'BSrE (sandbox)' },
]

/**
 * Our stand-in for AMS's list of reasons. The real one is not public and has changed between versions.
 *
 * @example
 * ```ts
 * DEFAULT_REASONS.version // 'sandbox-1'
 * DEFAULT_REASONS.items.find(({ code }) => code === 'mutasi') // { code: 'mutasi', label: 'Mutasi', rfc5280: 'affiliationChanged' }
 * ```
 */
export const DEFAULT_REASONS: { readonly version: string; readonly items: readonly ReasonRow[] } = {
  version: 'sandbox-1',
  items: [
    { code: 'kunci-bocor', label: 'Kunci privat atau passphrase diketahui pihak lain', rfc5280: 'keyCompromise' },
    { code: 'passphrase-bocor', label: 'Passphrase diketahui pihak lain', rfc5280: 'keyCompromise' },
    { code: 'mutasi', label: 'Mutasi', rfc5280: 'affiliationChanged' },
    { code: 'perubahan-jabatan', label: 'Perubahan jabatan', rfc5280: 'affiliationChanged' },
    { code: 'perubahan-unit', label: 'Perubahan unit kerja', rfc5280: 'affiliationChanged' },
    { code: 'perubahan-data', label: 'Perubahan data', rfc5280: 'affiliationChanged' },
    { code: 'pensiun', label: 'Pensiun', rfc5280: 'cessationOfOperation' },
    { code: 'berhenti', label: 'Berhenti', rfc5280: 'cessationOfOperation' },
    { code: 'meninggal-dunia', label: 'Meninggal dunia', rfc5280: 'cessationOfOperation' },
    { code: 'penerbitan-ulang', label: 'Penerbitan ulang', rfc5280: 'superseded' },
    { code: 'penyalahgunaan', label: 'Penyalahgunaan', rfc5280: 'privilegeWithdrawn' },
    { code: 'keputusan-instansi', label: 'Keputusan instansi', rfc5280: 'privilegeWithdrawn' },
    { code: 'lainnya', label: 'Lainnya', rfc5280: 'unspecified' },
  ],
}

/** A suspension is another, reversible act: it is never filed as a revocation. */
export function isSuspension(value: string): boolean {
  return ['penangguhan', 'pemblokiran', 'certificatehold'].includes(reasonKey(value))
}

/** Meets a reason value whatever its case and separators; RFC 5280 names are understood too. */
export function findReason(list: readonly ReasonRow[], value: string): ReasonRow | undefined {
  const key = reasonKey(value)
  return list.find((row) => reasonKey(row.code) === key) ?? list.find((row) => reasonKey(row.rfc5280) === key)
}

const reasonKey = (value: string): string => value.toLowerCase().replace(/[^a-z0-9]/g, '')
