import type { Actor } from '@cabut/sdk'

/** The people of the invented Purbalingga office; their ids are their usernames in the sandbox. */
export const people = {
  opd: { id: 'surya.wibisana', role: 'opdOfficer', opd: 'dindik' },
  head: { id: 'kepala.dinkominfo', role: 'head', opd: 'dinkominfo' },
  verifier: { id: 'tegar.maulana', role: 'verifier', opd: 'dinkominfo' },
} as const satisfies Record<string, Actor>

export const findings = { data: 'match', completeness: 'complete', subjectDn: 'match' } as const
