import * as z from 'zod'
import { letterKinds } from '../standard/vocabulary.js'

const optional = z.exactOptional
const short = z.string().min(1).max(200)
/** Checked by its own function, which has a better word for what is wrong. */
const judgedLater = optional(z.unknown())

const person = {
  id: short,
  opd: optional(short),
  name: optional(short),
  position: optional(short),
  username: optional(short),
  nik: judgedLater,
  nip: judgedLater,
  niPppk: judgedLater,
  email: judgedLater,
  phone: judgedLater,
}
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array)
const dn = z.string().min(1).max(65_536)

const certificate = z.union([
  z.string().min(1),
  bytes,
  z.strictObject({
    certificate: optional(z.union([z.string().min(1), bytes])),
    issuerDn: optional(dn),
    subjectDn: optional(dn),
    username: optional(short),
    serial: optional(
      z.union([z.string().min(1), z.bigint(), z.strictObject({ hex: z.string() }), z.strictObject({ decimal: z.string() })]),
    ),
  }),
])

/** Private schema of a request's form. */
export const requestSchema: z.ZodType = z.strictObject({
  certificate,
  reason: z.string().min(1).max(60),
  note: optional(z.string().max(2_000)),
  letters: optional(
    z
      .array(
        z.strictObject({ kind: z.enum(letterKinds), bytes: z.unknown(), number: z.unknown().optional(), date: z.unknown().optional() }),
      )
      .max(100),
  ),
  applicant: z.strictObject(person),
  holder: optional(z.strictObject({ ...person, id: optional(short), deceased: optional(z.boolean()), reachable: optional(z.boolean()) })),
  opdOrigin: optional(short),
  opdDestination: optional(short),
  effectiveDate: z.unknown().optional(),
  invalidityDate: z.unknown().optional(),
  onBehalf: optional(z.enum(['deceased', 'unreachable', 'incapacitated'])),
})
