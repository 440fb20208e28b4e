import { digest, toHex } from '@cabut/pki/crypto'
import { CabutError } from '../errors.js'
import { canonicalBytes, type Json } from './canonical.js'
import type { ChainHead, PersonalValue, PublicEvent, Salts, SealedEvent, UnsealedEvent } from './event.js'

const SALT = /^(?:[0-9a-f]{2}){16,64}$/
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

/**
 * Seals an event into the chain of its case (Permenkominfo 11/2018; PP 71/2019 art. 22: audit trail).
 *
 * @param event - the event; `data` without personal data, `personal` by field name
 * @param previous - the last sealed event of the case or its head; `null` for the first event
 * @param salts - source of random salts, one call for the event and one per personal field
 * @throws {@link CabutError} `historyNotJson` when data is not JSON, a time is not ISO UTC with milliseconds, or a salt is too short
 * @example
 * ```ts
 * const event = { caseId: 'P-2026-0001', type: 'filed', actor: { id: 'opd-7', role: 'opdOfficer' }, time: '2026-11-22T02:00:00.000Z', data: { serial: '4d2a' } }
 * const sealed = await sealEvent({ ...event, standard: { id: 'kabupaten-purbalingga', version: '1' }, personal: { holder: 'Contoh' } }, null, salts)
 * Object.keys(sealed.commitments) // ['holder']
 * const next = await sealEvent({ ...sealed, type: 'noted', personal: {} }, sealed, salts)
 * next.previous === sealed.digest // true
 * await sealEvent({ ...sealed, time: '22-11-2026', personal: {} }, null, salts) // throws historyNotJson
 * ```
 */
export async function sealEvent<Type extends string, Data extends object>(
  event: UnsealedEvent<Type, Data>,
  previous: ChainHead | null,
  salts: Salts,
): Promise<SealedEvent<Type, Data>> {
  if (!TIME.test(event.time) || Number.isNaN(Date.parse(event.time))) {
    throw new CabutError('historyNotJson', { at: 'time', detail: 'not an ISO 8601 time in UTC with milliseconds' })
  }
  const commitments: Record<string, string> = {}
  const personal: Record<string, PersonalValue> = {}
  for (const [field, value] of Object.entries(event.personal ?? {})) {
    const beside = { salt: checkedSalt(salts()), value }
    personal[field] = beside
    commitments[field] = await commitmentOf(field, beside)
  }
  const inside = { actor: event.actor, commitments, data: event.data, salt: checkedSalt(salts()) }
  const content = await contentOf(inside)
  const outside = {
    caseId: event.caseId,
    seq: (previous?.seq ?? 0) + 1,
    type: event.type,
    time: event.time,
    standard: { id: event.standard.id, version: event.standard.version },
    content,
    previous: previous?.digest ?? null,
  }
  return {
    ...outside,
    ...inside,
    digest: await chainDigest(outside),
    ...(Object.keys(personal).length === 0 ? {} : { personal }),
  }
}

/**
 * Salted commitment of one personal field: SHA-256 over canonical `{ field, salt, value }`, lower-case hex. Who holds salt and value can show later
 * what was committed to.
 *
 * @throws {@link CabutError} `historyNotJson` when the value is no JSON
 * @example
 * ```ts
 * await commitmentOf('holder', { salt: '00112233445566778899aabbccddeeff', value: 'Surya Wibisana' }) // '54d82beaab732cf7bf5a45a9dbaf6bde40841bd0bf08c89d8d339e88b21cee0b'
 * await commitmentOf('holder', chain[0].personal!['holder']!) === chain[0].commitments['holder'] // true
 * ```
 */
export async function commitmentOf(field: string, beside: PersonalValue): Promise<string> {
  return hash({ field, salt: beside.salt, value: beside.value })
}

/**
 * The event as a public receipt shows it: enough to recompute its digest, nothing about who and what.
 *
 * @example
 * ```ts
 * Object.keys(publicEvent(chain[0])) // ['caseId', 'seq', 'type', 'time', 'standard', 'content', 'previous', 'digest']
 * ```
 */
export function publicEvent(event: PublicEvent): PublicEvent {
  const { caseId, seq, type, time, standard, content, previous, digest } = event
  return { caseId, seq, type, time, standard: { id: standard.id, version: standard.version }, content, previous, digest }
}

/**
 * The event without its personal values, as after an erasure (UU 27/2022): every digest stays valid.
 *
 * @example
 * ```ts
 * const verdict = await verifyHistory(chain.map((event) => withoutPersonal(event)))
 * verdict.valid && verdict.erased // 3
 * ```
 */
export function withoutPersonal<Type extends string, Data extends object>(event: SealedEvent<Type, Data>): SealedEvent<Type, Data> {
  const { personal: _erased, ...rest } = event
  return rest
}

/**
 * Digest of who and what (inner layer): SHA-256 over canonical `{ actor, commitments, data, salt }`, lower-case hex.
 *
 * @throws {@link CabutError} `historyNotJson` when data is no JSON
 * @example
 * ```ts
 * await contentOf(chain[0]) === chain[0].content // true
 * await contentOf({ ...chain[0], actor: { id: 'orang-lain', role: 'verifier' } }) === chain[0].content // false
 * ```
 */
export async function contentOf(event: Pick<SealedEvent<string, object>, 'actor' | 'commitments' | 'data' | 'salt'>): Promise<string> {
  const { actor, commitments, data, salt } = event
  return hash({ actor, commitments, data, salt } as unknown as Json)
}

/**
 * Digest that chains the event (outer layer): SHA-256 over canonical `{ caseId, content, previous, seq, standard, time, type }`, lower-case hex. The
 * public form of an event is enough to compute it.
 *
 * @example
 * ```ts
 * await chainDigest(publicEvent(chain[1])) === chain[1].digest // true
 * await chainDigest({ ...chain[1], time: '2026-11-24T03:00:00.000Z' }) === chain[1].digest // false
 * ```
 */
export async function chainDigest(event: Omit<PublicEvent, 'digest'>): Promise<string> {
  const { caseId, content, previous, seq, standard, time, type } = event
  return hash({ caseId, content, previous, seq, standard: { id: standard.id, version: standard.version }, time, type })
}

async function hash(value: Json): Promise<string> {
  return toHex(await digest('SHA-256', canonicalBytes(value)))
}

function checkedSalt(salt: string): string {
  if (!SALT.test(salt)) throw new CabutError('historyNotJson', { at: 'salt', detail: 'a salt is 16 to 64 bytes in lower-case hex' })
  return salt
}
