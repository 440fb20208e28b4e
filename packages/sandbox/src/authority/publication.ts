import { writeCrl, type CrlEntryPlan, type RevocationReason } from './crl.js'
import type { TestKey } from './keys.js'
import type { NameAttribute } from './name.js'
import type { OcspStatus } from './ocsp.js'

/** What the authority knows about one revoked or held serial, published or not. Times in milliseconds since 1970. */
export interface RevokedRecord {
  serial: string
  revokedAt: number
  reason?: RevocationReason
  invalidityAt?: number
  /** When the publication delay began. `revokedAt` is cut to whole seconds, this is not. */
  since: number
  onCrl: boolean
  onOcsp: boolean
  /** What is still listed for this serial until this record is published (a hold that becomes a revocation, a second revocation). */
  before?: RevokedRecord
  /** Accepted but never published (fault), or taken back (fault). */
  withheld?: boolean
}

/** One CRL as it was published. */
export interface PublishedCrl {
  readonly number: number
  /** Milliseconds since 1970. */
  readonly thisUpdate: number
  /** Milliseconds since 1970. */
  readonly nextUpdate: number | null
  readonly der: Uint8Array
}

/** What must survive a restart. */
export interface PublicationState {
  records: Record<string, RevokedRecord>
  number: number
  /** The last CRLs, newest last. Older ones feed the rollback fault. */
  crls: PublishedCrl[]
}

export interface PublicationSettings {
  readonly name: readonly NameAttribute[]
  readonly key: TestKey
  readonly distributionPoint: string
  readonly now: () => number
  /** Milliseconds between revocation and publication, or `manual`. */
  readonly delay: () => number | 'manual'
  /** Milliseconds, or `null` for CRLs without nextUpdate. */
  readonly validity: () => number | null
  readonly onPublished: (crl: PublishedCrl, size: number) => void
}

/** The gap between "revoked" and "everybody can see it": CRL and OCSP say only what was published. */
export interface Publication {
  readonly state: PublicationState
  revoke(record: Pick<RevokedRecord, 'serial' | 'revokedAt' | 'reason' | 'invalidityAt' | 'withheld'>): void
  /** Lifts a hold; the next CRL no longer lists the serial. */
  release(serial: string): void
  publish(only?: 'crl' | 'ocsp', withheldToo?: boolean): PublishedCrl
  current(): PublishedCrl
  /** The CRL before the current one (fault: rollback). */
  previous(): PublishedCrl | undefined
  /** A CRL as it would have been `age` milliseconds ago (fault: stale). */
  asOf(age: number): Uint8Array
  /** Takes the newest listed serial off the list (fault: un-revocation). */
  forget(): RevokedRecord | undefined
  ocspStatus(serial: string, issued: boolean, asOf: number): OcspStatus
}

const KEPT_CRLS = 3

export function createPublication(settings: PublicationSettings, state: PublicationState): Publication {
  const records = new Map<string, RevokedRecord>(Object.entries(state.records))
  const pending = new Set([...records.values()].filter((record) => !record.onCrl || !record.onOcsp))
  let listChanged = false

  function publishDue(at: number): void {
    const delay = settings.delay()
    if (delay === 'manual' || pending.size === 0) return
    for (const record of pending) {
      if (record.withheld === true || at < record.since + delay) continue
      show(record, 'both')
    }
  }

  function show(record: RevokedRecord, where: 'both' | 'crl' | 'ocsp'): void {
    if (where !== 'ocsp' && !record.onCrl) {
      record.onCrl = true
      listChanged = true
    }
    if (where !== 'crl') record.onOcsp = true
    if (record.onCrl && record.onOcsp) {
      pending.delete(record)
      delete record.before
    }
  }

  function write(entries: RevokedRecord[], number: number, thisUpdate: number, nextUpdate: number | null): Uint8Array {
    return new Uint8Array(
      writeCrl(
        {
          entries: entries.map(planOf),
          thisUpdate: new Date(thisUpdate),
          nextUpdate: nextUpdate === null ? null : new Date(nextUpdate),
          number,
          distributionPoint: { url: settings.distributionPoint, critical: false },
        },
        settings,
      ),
    )
  }

  function sign(at: number): PublishedCrl {
    const listed = [...records.values()].map(listedOnCrl).filter((record) => record !== undefined)
    const validity = settings.validity()
    const thisUpdate = Math.floor(at / 1000) * 1000
    const nextUpdate = validity === null ? null : thisUpdate + validity
    state.number += 1
    listChanged = false
    const crl: PublishedCrl = { number: state.number, thisUpdate, nextUpdate, der: write(listed, state.number, thisUpdate, nextUpdate) }
    state.crls = [...state.crls, crl].slice(-KEPT_CRLS)
    settings.onPublished(crl, listed.length)
    return crl
  }

  return {
    state,
    revoke(plan) {
      const last = records.get(plan.serial)
      if (last !== undefined) pending.delete(last)
      // The newest published record of this serial, or none.
      const before = last === undefined || last.onCrl || last.onOcsp ? last : last.before
      if (before !== undefined) delete before.before
      const record: RevokedRecord = {
        ...plan,
        since: settings.now(),
        onCrl: false,
        onOcsp: false,
        ...(before === undefined ? {} : { before }),
      }
      records.set(record.serial, record)
      state.records[record.serial] = record
      pending.add(record)
    },
    release(serial) {
      const record = records.get(serial)
      if (record === undefined) return
      listChanged ||= listedOnCrl(record) !== undefined
      pending.delete(record)
      records.delete(serial)
      Reflect.deleteProperty(state.records, serial)
    },
    publish(only, withheldToo = false) {
      for (const record of pending) if (record.withheld !== true || withheldToo) show(record, only ?? 'both')
      const last = state.crls.at(-1)
      return only === 'ocsp' && last !== undefined ? last : sign(settings.now())
    },
    current() {
      const at = settings.now()
      publishDue(at)
      const last = state.crls.at(-1)
      const lapsed = typeof last?.nextUpdate === 'number' && at >= last.nextUpdate
      const changed = listChanged && settings.delay() !== 'manual'
      return last === undefined || changed || lapsed ? sign(at) : last
    },
    previous: () => state.crls.at(-2),
    asOf(age) {
      const at = Math.floor((settings.now() - age) / 1000) * 1000
      const validity = settings.validity()
      const listed = [...records.values()]
        .map(listedOnCrl)
        .filter((record) => record !== undefined && record.revokedAt <= at) as RevokedRecord[]
      return write(listed, Math.max(0, state.number - 1), at, validity === null ? null : at + validity)
    },
    forget() {
      const newest = [...records.values()].filter((record) => record.onCrl).sort((a, b) => b.revokedAt - a.revokedAt)[0]
      if (newest === undefined) return undefined
      Object.assign(newest, { onCrl: false, onOcsp: false, withheld: true })
      delete newest.before
      pending.add(newest)
      sign(settings.now())
      return newest
    },
    ocspStatus(serial, issued, asOf) {
      publishDue(settings.now())
      const newest = records.get(serial)
      const record = newest?.onOcsp === false ? newest.before : newest
      if (record !== undefined && record.onOcsp && record.revokedAt <= asOf) {
        return {
          status: 'revoked',
          revokedAt: new Date(record.revokedAt),
          ...(record.reason === undefined ? {} : { reason: record.reason }),
        }
      }
      return issued ? { status: 'good' } : { status: 'unknown' }
    },
  }
}

const listedOnCrl = (record: RevokedRecord): RevokedRecord | undefined =>
  record.onCrl ? record : record.before?.onCrl === true ? record.before : undefined

function planOf(record: RevokedRecord): CrlEntryPlan {
  return {
    serial: record.serial,
    revokedAt: new Date(record.revokedAt),
    ...(record.reason === undefined ? {} : { reason: record.reason }),
    ...(record.invalidityAt === undefined ? {} : { invalidityDate: new Date(record.invalidityAt) }),
  }
}
