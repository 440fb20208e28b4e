import kabupatenPurbalingga from './data/kabupaten-purbalingga.json' with { type: 'json' }
import kotaPekalongan from './data/kota-pekalongan.json' with { type: 'json' }
import { CabutError } from '../errors.js'
import { readStandard } from './schema.js'
import type { ServiceStandard } from './service-standard.js'

const shipped: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['kota-pekalongan', kotaPekalongan],
  ['kabupaten-purbalingga', kabupatenPurbalingga],
])
const loaded = new Map<string, ServiceStandard>()

/**
 * Ids of the standards that ship with the SDK; {@link loadStandard} takes each.
 *
 * @example
 * ```ts
 * standardIds // ['kota-pekalongan', 'kabupaten-purbalingga']
 * ```
 */
export const standardIds: readonly string[] = [...shipped.keys()]

/**
 * Loads a service standard: one that ships, by id, or any other as an object (a region's own data file).
 * The object is checked as a whole and frozen; nothing of it is executed.
 *
 * @param source id such as `kota-pekalongan`, or the parsed data file
 * @throws CabutError `standardUnknown` for an id that does not ship
 * @throws InvalidInputError `standardInvalid` with every issue: path, code, Indonesian and English
 * @example
 * ```ts
 * loadStandard('kota-pekalongan').timeLimit // { kind: 'workingMinutes', amount: 405, start: 'submission', stop: 'notification', warnAt: 0.75 }
 * loadStandard('kota-contoh') // throws standardUnknown
 * loadStandard({ ...loadStandard('kota-pekalongan'), steps: [] }) // throws standardInvalid
 * ```
 */
export function loadStandard(source: string | object): ServiceStandard {
  if (typeof source !== 'string') return readStandard(source)
  const known = loaded.get(source)
  if (known !== undefined) return known
  const data = shipped.get(source)
  if (data === undefined) throw new CabutError('standardUnknown', { detail: `shipped: ${standardIds.join(', ')}` })
  const standard = readStandard(data)
  loaded.set(source, standard)
  return standard
}
