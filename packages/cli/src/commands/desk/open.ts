import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { allowLoopback, createEvidenceFetcher } from '@cabut/pki/status'
import {
  allowPlainHttp, bearer, createAssistedAms, createDesk, createHttpAms, loadStandard, splpApiKey, type AmsPort, type AmsProfile, type CertificateSource, type Credential, type Desk, type DeskOptions, type ServiceStandard,
} from '@cabut/sdk'
import type { Store } from '@cabut/sdk/store'
import { createSqlStore, shareEvidence, type Database } from '@cabut/postgres'
import { InputError, readCertificates, readInput } from '../../input.js'
import { privacyFrom } from '../../privacy-key.js'
import { beside, deskFolder, readConfiguration, type DeskConfiguration } from './configuration.js'

/** Options of every command of a desk. */
export const deskOptions = [
  { flags: '--desk <folder>', text: { id: 'direktori meja layanan (atau CABUT_DESK; bawaan: di sini)', en: 'desk directory (or CABUT_DESK; default: here)' } },
  { flags: '--database <url>', text: { id: 'alamat PostgreSQL, atau CABUT_DATABASE (bawaan: PGlite dalam direktori meja)', en: 'PostgreSQL address, or CABUT_DATABASE (default: PGlite in the desk directory)' } },
] as const

/** A desk opened from its directory. */
export interface OpenDesk {
  readonly folder: string
  readonly configuration: DeskConfiguration
  readonly standard: ServiceStandard
  readonly desk: Desk
  readonly store: Store
  readonly database: Database
  readonly ams: AmsPort
  readonly anchors: readonly [CertificateSource, ...CertificateSource[]]
  readonly intermediates: readonly CertificateSource[]
  readonly fetch: NonNullable<DeskOptions['fetch']>
  close(): Promise<void>
}

/** How a desk is opened beyond its configuration. */
export type OpenOptions = Partial<Pick<DeskOptions, 'worker' | 'concurrency' | 'clock' | 'notify' | 'answer'>> & {
  /** Looks at every call of AMS. */
  readonly observeAms?: (ams: AmsPort) => AmsPort
}

/** Opens the desk the command line means. Close it. */
export async function openDesk(options: Readonly<Record<string, unknown>>, { observeAms = (ams) => ams, ...more }: OpenOptions = {}): Promise<OpenDesk> {
  const folder = deskFolder(options)
  const configuration = await readConfiguration(folder)
  const standard = await readStandard(folder, configuration.standard)
  const [anchor, ...others] = await readCertificates(configuration.anchors.map((path) => beside(folder, path)))
  if (anchor === undefined) throw new InputError({ id: 'jangkar kepercayaan kosong', en: 'no trusted anchor was given' })
  const anchors = [anchor, ...others] as const
  const intermediates = await readCertificates(configuration.intermediates.map((path) => beside(folder, path)))
  const ams = observeAms(amsOf(configuration))
  const database = await openDatabase(folder, options)
  const fetch = fetcherOf(configuration, database)
  let store: Store | undefined
  try {
    const privacy = await privacyFrom()
    store = await createSqlStore(database, privacy === undefined ? {} : { privacy })
    const desk = createDesk({
      standard, ams, anchors, intermediates, store, fetch, roster: configuration.roster.map(({ login: _login, ...entry }) => entry), sandbox: configuration.sandbox, worker: false,
      pace: {
        // By hand a task may lie for days, and nothing is gained by parking it.
        ...(configuration.ams.mode === 'assisted' ? { settleAfter: 30 * 86_400_000 } : {}), ...configuration.pace,
      },
      ...(configuration.evidence.crlUrls.length === 0 ? {} : { crlUrls: configuration.evidence.crlUrls }),
      ...(configuration.publishedFingerprint === undefined ? {} : { publishedFingerprint: configuration.publishedFingerprint }),
      ...more,
    })
    const opened = store
    return {
      folder, configuration, standard, desk, store: opened, database, ams, anchors, intermediates, fetch,
      async close() {
        await desk.close()
        await opened.close()
      },
    }
  } catch (error) {
    await (store?.close() ?? database.close())
    throw error
  }
}

async function openDatabase(folder: string, options: Readonly<Record<string, unknown>>): Promise<Database> {
  const url = options['database'] ?? process.env['CABUT_DATABASE']
  if (typeof url === 'string' && url !== '') return (await import('@cabut/postgres/pg')).connectPostgres({ url })
  return (await import('@cabut/postgres/pglite')).openPglite({ directory: join(folder, 'data') })
}

/** The standard a configuration names: one that ships, or a region's own file. */
export async function readStandard(folder: string, named: string): Promise<ServiceStandard> {
  if (!/\.json$/i.test(named)) return loadStandard(named)
  return loadStandard(JSON.parse(new TextDecoder().decode(await readInput(beside(folder, named)))) as ServiceStandard)
}

function profileOf({ ams: { reasons, reasonLabels, batchLimit } }: DeskConfiguration): Partial<AmsProfile> {
  return { ...(reasons === undefined ? {} : { reasons }), ...(reasonLabels === undefined ? {} : { reasonLabels }), ...(batchLimit === undefined ? {} : { batchLimit }) }
}

function amsOf(configuration: DeskConfiguration): AmsPort {
  const { ams } = configuration
  // Nobody is asked while an effect runs: the task waits at the desk until an officer says what they did.
  if (ams.mode === 'assisted') return createAssistedAms({ profile: profileOf(configuration) })
  return createHttpAms({
    baseUrl: ams.url, credential: [...gateway(), bearer((actor) => tokenOf(actor.id))], profile: profileOf(configuration),
    ...(ams.honoursIdempotencyKey === undefined ? {} : { honoursIdempotencyKey: ams.honoursIdempotencyKey }), ...(ams.plainHttp === true ? { allow: [allowPlainHttp] } : {}),
  })
}

/** The key of an SPLP gateway in front of AMS. */
function gateway(): readonly Credential[] {
  const key = process.env['CABUT_SPLP_KEY']
  return key === undefined || key === '' ? [] : [splpApiKey(key)]
}

/**
 * The acting person's own short-lived AMS token, asked for at each call and never stored by the desk: `CABUT_AMS_TOKEN_TEGAR_MAULANA`, or the entry of a
 * JSON file (id to token) named by `CABUT_AMS_TOKENS`, which whatever logs people in keeps fresh.
 */
async function tokenOf(id: string): Promise<string> {
  const own = process.env[`CABUT_AMS_TOKEN_${id.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`]
  if (own !== undefined && own !== '') return own
  const file = process.env['CABUT_AMS_TOKENS']
  if (file === undefined || file === '') return ''
  const tokens: unknown = await readFile(file, 'utf8').then(JSON.parse).catch(() => undefined)
  const token = typeof tokens === 'object' && tokens !== null && Object.hasOwn(tokens, id) ? (tokens as Record<string, unknown>)[id] : undefined
  return typeof token === 'string' ? token : ''
}

/** CRLs are shared by every process of the database; those of a sandbox on the own machine are looked at anew each time. */
function fetcherOf({ evidence }: DeskConfiguration, database: Database): NonNullable<DeskOptions['fetch']> {
  if (evidence.fetch === 'offline') return false
  return evidence.loopback ? createEvidenceFetcher({ allow: [allowLoopback], maxFresh: 0 }) : shareEvidence(database, createEvidenceFetcher())
}
