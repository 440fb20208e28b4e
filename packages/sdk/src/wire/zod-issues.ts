import type * as z from 'zod'
import { issue, joinPath, type Issue } from '../issues.js'

/**
 * Turns zod's issues into ours: a dotted path, a code of our table, Indonesian and English. The offending value never enters.
 *
 * @param input the parsed input, to tell "missing" from "wrong type"
 * @param adjust last word on each issue, for a code of its own
 */
export function issuesOf(error: z.ZodError, input: unknown, adjust: (found: Issue) => Issue = (found) => found): readonly Issue[] {
  return error.issues.flatMap((found) => translate(found, input)).map(adjust)
}

function translate(found: z.core.$ZodIssue, input: unknown): readonly Issue[] {
  const path = joinPath(found.path)
  switch (found.code) {
    case 'invalid_type':
      return [valueAt(input, found.path) === undefined ? issue(path, 'required') : issue(path, 'wrongType', found.expected)]
    case 'unrecognized_keys':
      return found.keys.map((key) => issue(joinPath([...found.path, key]), 'unknownField', key))
    case 'invalid_value':
      return [valueAt(input, found.path) === undefined ? issue(path, 'required') : issue(path, 'unknownName')]
    case 'too_small':
      return [issue(path, 'tooShort', String(found.minimum))]
    case 'too_big':
      return [issue(path, 'tooLong', String(found.maximum))]
    default:
      return [valueAt(input, found.path) === undefined ? issue(path, 'required') : issue(path, 'wrongForm')]
  }
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined),
    input,
  )
}
