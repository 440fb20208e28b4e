import * as z from 'zod'
import { standardSchema } from './schema.js'

/**
 * JSON Schema (2020-12) of a service standard's data file, for editors and other languages. It says the form; that steps are reachable,
 * roles defined and hours in order is checked by {@link loadStandard}.
 *
 * @example
 * ```ts
 * standardJsonSchema().$schema // 'https://json-schema.org/draft/2020-12/schema'
 * JSON.stringify(standardJsonSchema()).includes('"const":"cabut-standard/1"') // true
 * ```
 */
export function standardJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(standardSchema, { target: 'draft-2020-12', reused: 'ref' }) as Record<string, unknown>
  return { $schema, title: 'Cabut service standard', description: 'Standar Pelayanan as data (cabut-standard/1)', ...schema }
}
