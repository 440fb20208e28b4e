import { readFile, rename, writeFile } from 'node:fs/promises'
import { isAbsolute, join, resolve } from 'node:path'
import { roles, type RoleName } from '@cabut/sdk'
import * as z from 'zod'
import { InputError } from '../../input.js'

const person = z.strictObject({
  /** Opaque id, as in AMS where the person acts there; never a NIK. */
  id: z.string().min(1).max(200).refine((id) => !/^(?:\d{16}|\d{18})$/.test(id), 'an identity number is no id'),
  role: z.enum(Object.keys(roles).filter((role) => role !== 'system' && role !== 'bsre') as [RoleName, ...RoleName[]]),
  opd: z.exactOptional(z.string().min(1)),
  /** Away now: not counted for four eyes. */
  absent: z.exactOptional(z.boolean()),
  /** Account of the operating system that acts as this person. Where any person has one, nobody acts as somebody else. */
  login: z.exactOptional(z.string().min(1)),
})

const ams = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('assisted'), reasons: z.exactOptional(z.record(z.string(), z.string())), reasonLabels: z.exactOptional(z.record(z.string(), z.string())), batchLimit: z.exactOptional(z.int().min(1)) }),
  z.strictObject({
    mode: z.literal('http'), url: z.url(), honoursIdempotencyKey: z.exactOptional(z.boolean()), plainHttp: z.exactOptional(z.boolean()), batchLimit: z.exactOptional(z.int().min(1)),
    reasons: z.exactOptional(z.record(z.string(), z.string())), reasonLabels: z.exactOptional(z.record(z.string(), z.string())),
  }),
])

const issuer = z.looseObject({ issuer: z.string(), audience: z.union([z.string(), z.array(z.string())]) })

const configuration = z.strictObject({
  format: z.literal('cabut-desk/1'),
  /** Id of a standard that ships, or a file beside this one. */
  standard: z.string().min(1),
  /** PEM files beside this one. */
  anchors: z.array(z.string().min(1)).min(1),
  intermediates: z.array(z.string().min(1)).default([]),
  roster: z.array(person).min(1),
  ams,
  evidence: z.strictObject({
    /** `offline`: only evidence handed in with `desk examine`. */
    fetch: z.enum(['online', 'offline']).default('online'),
    /** For a sandbox on this machine. */
    loopback: z.boolean().default(false),
    /** Where the issuing authorities publish their CRLs, for requests without a certificate at hand. */
    crlUrls: z.array(z.url()).default([]),
  }).prefault({}),
  esign: z.exactOptional(z.strictObject({ url: z.url(), plainHttp: z.exactOptional(z.boolean()), identityInUrl: z.exactOptional(z.boolean()) })),
  /** Milliseconds; see the SDK's `Pace`. */
  pace: z.partialRecord(z.enum(['ams', 'proof', 'watch', 'retry', 'retryMax', 'settleAfter', 'lease']), z.number().positive()).default({}),
  /** The authority is a sandbox's: every receipt says so. */
  sandbox: z.boolean().default(false),
  publishedFingerprint: z.exactOptional(z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), where: z.string() })),
  /** Once a calendar day the end of the register leaves the database: `cabut serve` and `cabut desk work`. */
  checkpoint: z.exactOptional(z.strictObject({
    /** A folder that is there: another machine's disk, or one that is mailed from. */
    folder: z.string().min(1),
    /** Address of a timestamp authority (RFC 3161 section 3.4). It gets the SHA-256 of the file, nothing else. */
    timestampAuthority: z.exactOptional(z.url({ protocol: /^https?$/ })),
    /** PEM files beside this one: anchors of that authority. Without them its certificate is checked by whoever verifies. */
    timestampAnchors: z.array(z.string().min(1)).default([]),
  })),
  /** For `cabut serve`. */
  serve: z.strictObject({
    host: z.string().default('127.0.0.1'),
    port: z.int().min(0).max(65_535).default(8080),
    /** Path the service is mounted under, behind a reverse proxy: `/layanan/cabut`. */
    basePath: z.string().regex(/^(?:\/[A-Za-z0-9._~-]+)*$/).default(''),
    issuers: z.array(issuer).default([]),
    /** How long running effects and open answers may take after SIGTERM. Milliseconds. */
    grace: z.number().positive().default(20_000),
  }).prefault({}),
}).refine(({ evidence, checkpoint }) => evidence.fetch === 'online' || checkpoint?.timestampAuthority === undefined, {
  path: ['checkpoint', 'timestampAuthority'], message: 'a desk that is offline asks nobody',
})

/** A desk's one configuration file. */
export type DeskConfiguration = z.infer<typeof configuration>

export const configurationFile = 'desk.json'

/** Reads the configuration of a desk directory. @throws InputError naming the place of each mistake */
export async function readConfiguration(folder: string): Promise<DeskConfiguration> {
  const path = join(folder, configurationFile)
  let value: unknown
  try {
    value = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw new InputError({
      id: `${path}: bukan direktori meja layanan (buat dengan: cabut desk init)`, en: `${path}: no desk directory (make one with: cabut desk init)`,
    }, { cause: error })
  }
  return checkConfiguration(value, path)
}

export function checkConfiguration(value: unknown, path: string): DeskConfiguration {
  const read = configuration.safeParse(value)
  if (read.success) return read.data
  const places = read.error.issues.slice(0, 10).map((issue) => `${issue.path.join('.') || '.'}: ${issue.message}`).join('; ')
  throw new InputError({ id: `${path}: konfigurasi salah: ${places}`, en: `${path}: the configuration is wrong: ${places}` }, { cause: read.error })
}

/** Writes it whole or not at all. */
export async function writeConfiguration(folder: string, value: DeskConfiguration): Promise<void> {
  const path = join(folder, configurationFile)
  await writeFile(`${path}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
  await rename(`${path}.new`, path)
}

/** A path of the configuration, from the desk's directory. */
export function beside(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path)
}

/** The desk directory the command line means: `--desk`, `CABUT_DESK`, or here. */
export function deskFolder(options: Readonly<Record<string, unknown>>): string {
  const named = options['desk'] ?? process.env['CABUT_DESK']
  return resolve(typeof named === 'string' && named !== '' ? named : '.')
}

