import { sha256Hex } from '../authority/authority.js'
import { nameKey, nameKeyOf } from '../authority/name.js'
import type { Exchange, Route } from '../http/router.js'
import type { World } from '../world.js'
import { callerOf, demandRole, maySee, type Caller } from './access.js'
import { answer, Refusal } from './envelope.js'
import {
  canonicalSerial,
  certificateQuery,
  decisionSchema,
  demandType,
  filingSchema,
  idempotencyKey,
  pageOf,
  readJson,
  readQuery,
  revocationQuery,
} from './input.js'
import { decideRevocation, fileRevocation, findRevocations, readRevocation, type Outcome } from './revocations.js'
import { certificateView, historyView, letterView, revocationView } from './views.js'

/** AMS takes letters of at most 1 MB. */
export const LETTER_LIMIT = 1_048_576

/** The routes of docs/openapi/ams.yaml under `prefix`. */
export function amsRoutes(world: World, prefix = '/ams'): Route[] {
  const route = (
    method: string,
    path: string,
    name: string,
    handle: (exchange: Exchange, caller: Caller) => Response,
    limit?: number,
  ): Route => ({
    method,
    path: prefix + path,
    endpoint: `ams.${name}`,
    ...(limit === undefined ? {} : { limit }),
    tooLarge: () => new Refusal(name === 'uploadLetter' ? 'LETTER_TOO_LARGE' : 'BODY_TOO_LARGE').answer(),
    handle(exchange) {
      try {
        return handle(exchange, callerOf(world, exchange.request))
      } catch (error) {
        if (error instanceof Refusal) return error.answer()
        throw error
      }
    },
  })
  const outcome = ({ record, replayed }: Outcome): Response =>
    answer(revocationView(world, record), replayed ? { 'idempotency-replayed': 'true' } : {})

  return [
    route('GET', '/certificates', 'findCertificates', ({ url }, caller) => {
      const query = readQuery(certificateQuery, url)
      const subject = query.subjectDn === undefined ? undefined : nameKey(query.subjectDn)
      const issuerMatches = query.issuerDn === undefined || nameKey(query.issuerDn) === nameKeyOf(world.authority.issuingName)
      const serial = query.serial === undefined ? undefined : canonicalSerial(query.serial)
      const pool =
        serial !== undefined
          ? [world.bySerial(serial)].filter((one) => one !== undefined)
          : query.username !== undefined
            ? world.certificates.having(query.username)
            : world.certificates.all
      const found = issuerMatches
        ? pool.filter(
            (one) =>
              maySee(caller, one) &&
              (query.username === undefined || one.username === query.username) &&
              (query.subjectDn === undefined || one.subjectKey === subject),
          )
        : []
      return answer(pageOf(found, query, (one) => certificateView(world, one)))
    }),
    route('GET', '/reasons', 'listReasons', () =>
      answer({
        version: world.reasons.version,
        items: world.reasons.items.map(({ code, label }) => ({ code, label })),
      }),
    ),
    route(
      'POST',
      '/letters',
      'uploadLetter',
      ({ request, body }, caller) => {
        demandRole(caller, 'Pengguna', 'Verifikator', 'RA')
        demandType(request, 'application/pdf')
        if (body.length === 0) throw new Refusal('LETTER_EMPTY')
        if (Buffer.from(body.subarray(0, 5)).toString('latin1') !== '%PDF-') throw new Refusal('LETTER_NOT_PDF')
        const sha256 = sha256Hex(body)
        const before = world.letters.having(`${caller.username} ${sha256}`)[0]
        if (before !== undefined) return answer(letterView(before))
        const letter = { letterId: world.nextId('let'), sha256, size: body.length, owner: caller.username }
        world.letterBytes.set(letter.letterId, body)
        world.letters.add(letter)
        world.log('LETTER_STORED', { by: caller.username, data: { letterId: letter.letterId, sha256 } })
        return answer(letterView(letter))
      },
      LETTER_LIMIT,
    ),
    route('POST', '/revocations', 'fileRevocation', (exchange, caller) => {
      demandRole(caller, 'Pengguna', 'Verifikator', 'RA')
      const key = idempotencyKey(exchange.request)
      return outcome(fileRevocation(world, caller, key, readJson(filingSchema, exchange)))
    }),
    route('GET', '/revocations', 'findRevocations', ({ url }, caller) => {
      const query = readQuery(revocationQuery, url)
      return answer(pageOf(findRevocations(world, caller, query), query, (one) => revocationView(world, one)))
    }),
    route('GET', '/revocations/:id', 'readRevocation', ({ params }, caller) =>
      answer(revocationView(world, readRevocation(world, caller, params['id'] as string))),
    ),
    route('GET', '/revocations/:id/history', 'readRevocationHistory', ({ params }, caller) =>
      answer(historyView(readRevocation(world, caller, params['id'] as string))),
    ),
    route('POST', '/revocations/:id/decision', 'decideRevocation', (exchange, caller) => {
      demandRole(caller, 'Verifikator', 'RA')
      const key = idempotencyKey(exchange.request)
      const decision = readJson(decisionSchema, exchange)
      return outcome(decideRevocation(world, caller, exchange.params['id'] as string, key, decision))
    }),
  ]
}
