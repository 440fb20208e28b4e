import { reasonCatalogue } from '@cabut/sdk/request'
import { z } from '@hono/zod-openapi'
import { route, type Route } from '../http/route.js'

const standardSchema = z.object({
  id: z.string(), version: z.string(), title: z.string(), office: z.string(), region: z.string(), zone: z.enum(['WIB', 'WITA', 'WIT']),
  components: z.array(z.object({
    name: z.string(), clause: z.string(), says: z.enum(['stated', 'silent', 'unknown']), verbatim: z.array(z.string()), reading: z.string().optional(),
  })),
  steps: z.array(z.object({ name: z.string(), clause: z.string(), title: z.string(), actor: z.string(), role: z.string() })),
  roles: z.array(z.object({ role: z.string(), title: z.string() })),
  letters: z.array(z.object({ kind: z.string(), demand: z.enum(['mandatory', 'advised']), reasons: z.array(z.string()).optional(), clause: z.string() })),
  timeLimit: z.object({ kind: z.string(), amount: z.number(), start: z.string(), stop: z.string() }),
  fee: z.object({ amount: z.number(), currency: z.literal('IDR') }),
  complaints: z.object({
    channels: z.array(z.object({ kind: z.string(), value: z.string().optional() })),
    classes: z.array(z.object({ id: z.string(), title: z.string(), limit: z.object({ kind: z.string(), amount: z.number() }).nullable() })),
  }),
}).openapi('Standard', { description: 'The service standard as published, with our readings beside it.' })

const reasonSchema = z.object({
  id: z.string(),
  reasons: z.array(z.object({ code: z.string(), title: z.string(), kind: z.enum(['revocation', 'suspension', 'advice']), urgent: z.boolean(), needsNote: z.boolean(), evidence: z.array(z.string()), advice: z.string().optional() })),
}).openapi('Reasons')

/** What anybody may read: the service itself. */
export const serviceRoutes: readonly Route[] = [
  route({
    operationId: 'live', method: 'get', path: '/health/live', tag: 'service', access: 'public', summary: { id: 'Proses hidup', en: 'The process lives' },
    answers: { status: 200, description: 'Alive', schema: z.object({ status: z.literal('ok') }).openapi('Health') },
    handle: async () => ({ status: 200, json: { status: 'ok' } }),
  }),
  route({
    operationId: 'ready', method: 'get', path: '/health/ready', tag: 'service', access: 'public', summary: { id: 'Siap melayani', en: 'Ready to serve' },
    answers: { status: 200, description: 'The desk and its store answer', schema: z.object({ status: z.literal('ok') }).openapi('Readiness') }, problems: ['deskClosed'],
    async handle(call) {
      if (await call.service.ready()) return { status: 200, json: { status: 'ok' } }
      return { status: 503, json: { status: 'unavailable' } }
    },
  }),
  route({
    operationId: 'readOpenapi', method: 'get', path: '/openapi.json', tag: 'service', access: 'public', summary: { id: 'Dokumen OpenAPI ini', en: 'This OpenAPI document' },
    answers: { status: 200, description: 'OpenAPI 3.1', schema: z.looseObject({ openapi: z.string() }).openapi('OpenApiDocument') },
    handle: async (call) => ({ status: 200, json: call.service.openapi }),
  }),
  route({
    operationId: 'readStandard', method: 'get', path: '/v1/standard', tag: 'service', access: 'public',
    summary: { id: 'Standar pelayanan', en: 'The service standard' }, answers: { status: 200, description: 'All 14 components', schema: standardSchema },
    async handle({ standard, language }) {
      return {
        status: 200,
        json: {
          id: standard.id, version: standard.version, title: standard.title[language], office: standard.office[language], region: standard.region.name, zone: standard.zone,
          components: standard.components.map(({ name, clause, says, verbatim, reading }) => ({ name, clause, says, verbatim, ...(reading === undefined ? {} : { reading: reading[language] }) })),
          steps: standard.steps.map(({ name, clause, title, actor, role }) => ({ name, clause, title: title[language], actor, role })),
          roles: standard.roles.map(({ role, title }) => ({ role, title: title[language] })),
          letters: standard.letters.map(({ kind, demand, reasons, clause }) => ({ kind, demand, clause, ...(reasons === undefined ? {} : { reasons }) })),
          timeLimit: { kind: standard.timeLimit.kind, amount: standard.timeLimit.amount, start: standard.timeLimit.start, stop: standard.timeLimit.stop },
          fee: standard.fee,
          complaints: {
            channels: standard.complaints.channels.map(({ kind, value }) => ({ kind, ...(value === undefined ? {} : { value }) })),
            classes: standard.complaints.classes.map(({ id, title, limit }) => ({ id, title: title[language], limit })),
          },
        },
      }
    },
  }),
  route({
    operationId: 'readReasons', method: 'get', path: '/v1/reasons', tag: 'service', access: 'public',
    summary: { id: 'Alasan pencabutan yang ditawarkan', en: 'Reasons offered' }, answers: { status: 200, description: 'The catalogue, with advice', schema: reasonSchema },
    async handle({ standard, language }) {
      const { offered } = standard.reasons
      return {
        status: 200,
        json: {
          id: reasonCatalogue.id,
          reasons: reasonCatalogue.reasons
            .filter(({ code, kind }) => kind === 'advice' || ((offered === 'all' || offered.includes(code)) && (kind !== 'suspension' || standard.suspensionOffered)))
            .map(({ code, title, kind, urgent, needsNote, evidence, advice }) => ({ code, title: title[language], kind, urgent, needsNote, evidence, ...(advice === undefined ? {} : { advice: advice[language] }) })),
        },
      }
    },
  }),
]
