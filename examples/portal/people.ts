import type { RoleName, ServiceStandard } from '@cabut/sdk'

/** Somebody who may log in. Every name below is invented. */
export interface Person {
  /** Opaque id: four eyes are counted by it, and it ends up in sealed histories. Never an identity number. */
  readonly id: string
  readonly name: string
  /** Code of the person's office. */
  readonly opd: string
  readonly office: string
  readonly roles: readonly [RoleName, ...RoleName[]]
}

const purbalingga: readonly Person[] = [
  { id: 'surya.wibisana', name: 'Surya Wibisana', opd: 'dindik', office: 'Dinas Pendidikan', roles: ['opdOfficer'] },
  { id: 'laras.kinanti', name: 'Laras Kinanti', opd: 'dindik', office: 'Dinas Pendidikan', roles: ['holder'] },
  { id: 'galih.nugraha', name: 'Galih Nugraha', opd: 'dinkes', office: 'Dinas Kesehatan', roles: ['opdOfficer'] },
  { id: 'wulan.prasetya', name: 'Wulan Prasetya', opd: 'dinkominfo', office: 'Dinkominfo', roles: ['head'] },
  { id: 'bagas.santosa', name: 'Bagas Santosa', opd: 'dinkominfo', office: 'Dinkominfo', roles: ['coordinator'] },
  { id: 'tegar.maulana', name: 'Tegar Maulana', opd: 'dinkominfo', office: 'Dinkominfo', roles: ['verifier'] },
  { id: 'ningrum.sekar', name: 'Ningrum Sekar', opd: 'dinkominfo', office: 'Dinkominfo', roles: ['verifier', 'complaintOfficer'] },
  { id: 'retno.ayu', name: 'Retno Ayu', opd: 'dinkominfo', office: 'Dinkominfo', roles: ['supervisor'] },
]

const pekalongan: readonly Person[] = [
  { id: 'ratna.pertiwi', name: 'Ratna Pertiwi', opd: 'dinkes', office: 'Dinas Kesehatan', roles: ['holder'] },
  { id: 'bima.anggara', name: 'Bima Anggara', opd: 'dinperpa', office: 'Dinas Pertanian dan Pangan', roles: ['holder'] },
  { id: 'dewi.larasati', name: 'Dewi Larasati', opd: 'dinkominfo', office: 'Dinas Kominfo', roles: ['verifier'] },
  { id: 'hadi.prakoso', name: 'Hadi Prakoso', opd: 'dinkominfo', office: 'Dinas Kominfo', roles: ['supervisor'] },
  { id: 'citra.handayani', name: 'Citra Handayani', opd: 'dinkominfo', office: 'Dinas Kominfo', roles: ['complaintOfficer'] },
  { id: 'yudha.pranata', name: 'Yudha Pranata', opd: 'dinkominfo', office: 'Dinas Kominfo', roles: ['head'] },
]

/** Invented people for a standard: by who files under it, so that a region's own data file has some as well. */
export function inventedPeople(standard: ServiceStandard): readonly Person[] {
  return standard.filing.by === 'owner' ? pekalongan : purbalingga
}

/** Roles on the applicant's side; the others belong to the service. */
export const applicantSide: ReadonlySet<RoleName> = new Set<RoleName>(['holder', 'applicant', 'opdHead', 'opdOfficer', 'personnelOffice'])
