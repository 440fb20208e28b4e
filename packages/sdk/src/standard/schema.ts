import * as z from 'zod'
import { hoursSchema, limitSchema } from '../calendar/schema.js'
import { InvalidInputError, issue, type Issue } from '../issues.js'
import { issuesOf } from '../wire/zod-issues.js'
import { checkConsistency } from './consistency.js'
import type { ServiceStandard } from './service-standard.js'
import {
  clockStarts,
  clockStops,
  commandNames,
  componentNames,
  findingNames,
  guardNames,
  letterKinds,
  limitKinds,
  partyNames,
  roleNames,
} from './vocabulary.js'

const line = z.string().min(1).max(2000)
const text = z.strictObject({ id: line, en: line })
const says = z.enum(['stated', 'silent', 'unknown'])
const clause = z.string().min(1).max(100)
const name = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
  .max(60)
const code = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9]*$/)
  .max(60)
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
const role = z.enum(roleNames)
const party = z.enum(partyNames)
const letterKind = z.enum(letterKinds)
const lawForm = z.enum(['UU', 'PP', 'Perpres', 'Permen', 'Perda', 'Perkada', 'other'])
const said = z.strictObject({ says, items: z.array(line) })
const law = { form: lawForm, number: z.string().min(1).max(20), year: z.int().min(1945).max(2100) }
const optional = z.exactOptional

const component = z.strictObject({
  name: z.enum(componentNames),
  clause,
  says,
  verbatim: z.array(line),
  reading: optional(text),
  omitted: optional(z.array(z.strictObject({ what: z.enum(['personName', 'privateNumber', 'identityNumber']), role: line, clause }))),
})

const step = z.strictObject({
  name,
  clause,
  title: text,
  actor: role,
  actorSays: says,
  printedActor: optional(role),
  command: optional(z.enum(commandNames)),
  role,
  guards: z.array(z.enum(guardNames)),
  clock: z.enum(['before', 'starts', 'runs', 'stops', 'after']),
  attributedTo: z.enum(['applicant', 'dinkominfo', 'bsre', 'publication']),
  informs: z.array(party),
  produces: optional(text),
  optional: optional(z.boolean()),
  next: z.array(name),
  otherwise: optional(z.strictObject({ command: z.enum(['return', 'reject']), to: optional(name) })),
})

const filing = z.strictObject({
  by: z.enum(['owner', 'opd']),
  role,
  onBehalf: z.array(z.strictObject({ role, when: z.enum(['deceased', 'unreachable', 'incapacitated']), letters: z.array(letterKind) })),
  batch: z.strictObject({ offered: z.boolean(), maxHolders: optional(z.int().min(2).max(10_000)) }),
})

const letter = z.strictObject({
  kind: letterKind,
  reasons: optional(z.array(code).min(1)),
  onBehalfOnly: optional(z.boolean()),
  signedBy: z.array(role),
  stamp: z.enum(['none', 'required', 'waivedWhenElectronic']),
  within: optional(letterKind),
  clause,
  says,
  demand: z.enum(['mandatory', 'advised']),
})

const complaints = z.strictObject({
  channels: z
    .array(
      z.strictObject({
        kind: z.enum(['faceToFace', 'letterBox', 'srikandi', 'phone', 'whatsapp', 'email', 'website', 'lapor', 'socialMedia', 'officer']),
        value: optional(line),
        direct: z.boolean(),
        clause,
      }),
    )
    .min(1),
  classes: z
    .array(z.strictObject({ id: code, title: text, limit: limitSchema.nullable(), supervisory: optional(z.boolean()), clause }))
    .min(1),
  flow: z
    .array(
      z.strictObject({ role, act: z.enum(['submit', 'receive', 'respond', 'escalate', 'resolve', 'receiveAnswer']), title: text, clause }),
    )
    .min(1),
})

/** The schema of {@link ServiceStandard}. Private: the public type is the plain interface, the public schema the JSON Schema. */
export const standardSchema: z.ZodType<ServiceStandard> = z.strictObject({
  format: z.literal('cabut-standard/1'),
  id: name,
  version: z.string().min(1).max(40),
  title: text,
  region: z.strictObject({
    name: line,
    kind: z.enum(['kota', 'kabupaten', 'provinsi', 'kementerian', 'lembaga']),
    invented: optional(z.boolean()),
  }),
  office: text,
  decree: z.strictObject({ says, text: optional(line) }),
  valid: z.strictObject({ says, from: optional(date), until: optional(date) }),
  zone: z.enum(['WIB', 'WITA', 'WIT']),
  components: z.array(component),
  provenance: z.array(z.strictObject({ path: line, clause, says, divergence: optional(name) })),
  parties: z.array(party).min(1),
  roles: z
    .array(z.strictObject({ role, title: text, party: z.enum([...partyNames, 'none']), headcount: optional(z.int().min(0).max(10_000)) }))
    .min(1),
  steps: z.array(step).min(1),
  disposition: z.boolean(),
  filing,
  ams: z.strictObject({ fileAt: z.enum(['submit', 'execute']), fileBy: role, decide: z.boolean(), step: name }),
  letters: z.array(letter),
  findings: z.array(z.enum(findingNames)).min(1),
  fourEyes: z.boolean(),
  supervision: z.strictObject({ role, title: text }),
  headcount: z.strictObject({ says, persons: optional(z.int().min(1).max(10_000)) }),
  suspensionOffered: z.boolean(),
  reasons: z.strictObject({ catalogue: line, offered: z.union([z.literal('all'), z.array(code).min(1)]) }),
  timeLimit: z.strictObject({
    kind: z.enum(limitKinds),
    amount: z.int().min(0).max(1_000_000),
    start: z.enum(clockStarts),
    stop: z.enum(clockStops),
    warnAt: z.number().gt(0).lte(1),
  }),
  serviceHours: hoursSchema,
  expedite: z.strictObject({
    reasons: z.array(code),
    limit: limitSchema,
    letterToFollow: limitSchema.nullable(),
    ratification: limitSchema.nullable(),
  }),
  fee: z.strictObject({ amount: z.int().min(0), currency: z.literal('IDR') }),
  product: z.strictObject({ service: z.enum(['revocation', 'issuance', 'renewal', 'suspension']), title: text }),
  complaints,
  legalBasis: z.array(
    z.strictObject({
      clause,
      verbatim: line,
      ...law,
      status: z.enum(['inForce', 'amended', 'repealed', 'unknown']),
      amendedBy: optional(z.array(z.strictObject(law))),
    }),
  ),
  facilities: said,
  competence: said,
  guarantee: said,
  safety: said,
  evaluation: z.strictObject({
    every: z.int().min(1).max(60),
    unit: z.literal('month'),
    by: z.array(role).min(1),
    form: z.enum(['meeting', 'review']),
  }),
})

/**
 * Checks a standard as a whole: form first, then what no form can say (steps reachable, roles defined, hours in order).
 *
 * @throws InvalidInputError `standardInvalid`
 */
export function readStandard(input: unknown): ServiceStandard {
  const read = standardSchema.safeParse(input)
  const issues: readonly Issue[] = read.success ? checkConsistency(read.data) : issuesOf(read.error, input, wordZone)
  if (issues.length > 0 || !read.success) throw new InvalidInputError('standardInvalid', issues)
  return freeze(read.data)
}

/** A wrong zone has its own code: it is the commonest mistake in a new region's file. */
function wordZone(found: Issue): Issue {
  return found.path === 'zone' ? issue('zone', 'zoneUnknown') : found
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) freeze(inner)
  }
  return value
}
