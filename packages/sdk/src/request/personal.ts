const inspect = Symbol.for('nodejs.util.inspect.custom')

/**
 * What stands in the place of personal data in logs and JSON.
 *
 * @example
 * ```ts
 * withheld // '[dirahasiakan]'
 * ```
 */
export const withheld = '[dirahasiakan]'

/**
 * Makes an object keep its personal fields to itself: `JSON.stringify`, `util.inspect` and `console.log` show {@link withheld}.
 * Reading a field by name gives its value; a spread copies values and drops the protection, so do that only where the value is needed.
 * (UU 27/2022: NIK, NIP, telephone, mail.)
 *
 * @param value - changed in place, and returned
 * @param personal - names of the fields to withhold
 * @example
 * ```ts
 * const party = protectPersonal({ id: 'p-7', name: 'Ratna Pertiwi' }, ['name'])
 * JSON.stringify(party) // '{"id":"p-7","name":"[dirahasiakan]"}'
 * party.name // 'Ratna Pertiwi'
 * ```
 */
export function protectPersonal<T extends object>(value: T, personal: readonly (keyof T & string)[]): T {
  const masked = (): Record<string, unknown> => {
    const copy = { ...value } as Record<string, unknown>
    for (const field of personal) if (copy[field] !== undefined) copy[field] = withheld
    return copy
  }
  Object.defineProperty(value, 'toJSON', { value: masked, enumerable: false })
  Object.defineProperty(value, inspect, { value: masked, enumerable: false })
  return value
}
