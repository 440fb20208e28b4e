import type { TenantScope } from '@cabut/sdk/store'

/** The scope as a query parameter: `null` for all, else the OPD codes. Every query of a case says `($n::text[] is null or opd = any($n))`. */
export function opdsOf(scope: TenantScope): readonly string[] | null {
  return scope === 'all' ? null : [...scope.opds]
}

/** The scope as row-level security reads it: `{"all":true}` or `{"opds":[...]}`. */
export function wallOf(scope: TenantScope): string {
  return JSON.stringify(scope === 'all' ? { all: true } : { opds: scope.opds })
}

/** The wall of the service itself; what a connection of the desk starts with. */
export const openWall: string = wallOf('all')

export function inScope(scope: TenantScope, opd: string): boolean {
  return scope === 'all' || scope.opds.includes(opd)
}
