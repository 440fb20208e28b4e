import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { RequestView } from '@cabut/sdk'
import { verifyReceipt } from '@cabut/sdk/receipt'
import type { Console } from '../console.js'
import { wholeMinutes } from '../wording/instant.js'
import { wibTime } from './clock.js'
import type { DemoOffice } from './office.js'
import { opensslVersion, runGuide } from './openssl.js'

/** A step of the demo that did not turn out as it must. */
export class DemoFailure extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'DemoFailure'
  }
}

/** Fails the demo unless the fact holds. */
export function must(fact: boolean, otherwise: string): asserts fact {
  if (!fact) throw new DemoFailure(otherwise)
}

/** What one standard's run ended with; `demo --json` prints it. */
export interface StoryEnd {
  readonly standard: string
  readonly requestId: string
  readonly serial: string
  readonly serviceMinutes: number
  readonly limitMinutes: number
  readonly breached: boolean
  readonly minutesToProof: number
  readonly timesRevoked: number
  readonly receipt: string
  readonly verified: boolean
  readonly openssl: string
}

/** From AMS's word to the verified receipt: the part both standards share. */
export async function proveAndHandOver(console: Console, office: DemoOffice, id: string, serial: string, print: () => Promise<void>, folder: string): Promise<StoryEnd> {
  const { desk, sandbox } = office
  const get = (): Promise<RequestView> => desk.get(id)
  const proven = async (): Promise<boolean> => (await get()).proof !== undefined
  must(await office.until(async () => (await get()).status === 'awaitingProof' || await proven(), 240), 'AMS never said that the certificate is revoked')
  await print()
  if (!await proven()) console.line(`  ${console.say({
    id: `-> AMS menyatakan dicabut; CRL dan OCSP belum. Belum boleh disebut dicabut (${wibTime(office.clock.now())}).`,
    en: `-> AMS says revoked; CRL and OCSP do not yet. It may not be called revoked (${wibTime(office.clock.now())}).`,
  })}`)
  must(await office.until(proven, 24 * 60), 'no proof within a day')
  must(await office.until(async () => (await get()).status === 'closed', 24 * 60), 'the request did not close')
  await print()

  const view = await get()
  const { proof, clock } = view
  must(proof !== undefined, 'the proof is gone')
  must(sandbox.manage.timesRevoked(serial) === 1, `the sandbox's own log counts ${sandbox.manage.timesRevoked(serial)} revocations, not one`)
  const limit = desk.standard.timeLimit.amount
  console.line()
  console.line(`  ${console.say({ id: 'Jam layanan', en: 'Service clock' })}: ${wholeMinutes(clock.elapsedMinutes, clock.breached)} / ${limit} ${console.say({ id: 'menit kerja', en: 'working minutes' })}${clock.breached ? console.say({ id: ' (TERLAMPAUI)', en: ' (BREACHED)' }) : ''}`)
  console.line(`  ${console.say({ id: 'Waktu menuju bukti', en: 'Time to proof' })}: ${wholeMinutes(clock.timeToProof?.minutes ?? 0)} ${console.say({ id: 'menit', en: 'minutes' })} (${proof.source.toUpperCase()}, sha256 ${proof.sha256.slice(0, 16)}...)`)
  console.line(`  ${console.say({ id: 'Pencabutan menurut log sandbox', en: "Revocations by the sandbox's own log" })}: ${sandbox.manage.timesRevoked(serial)}`)

  const files = await desk.receipt(id)
  await writeFolder(folder, files)
  const verdict = await verifyReceipt(files, { anchors: sandbox.anchors })
  must(verdict.valid, `the receipt does not verify: ${verdict.problems.map(({ code, file }) => `${code} ${file}`).join(', ')}`)
  console.line(`  ${console.say({ id: 'Bukti pencabutan', en: 'Receipt of proof' })}: ${folder} (${files.size} ${console.say({ id: 'berkas, terverifikasi luring', en: 'files, verified offline' })})`)
  const openssl = judgeWithOpenssl(console, files, folder)
  return {
    standard: desk.standard.id, requestId: id, serial, serviceMinutes: clock.elapsedMinutes, limitMinutes: limit, breached: clock.breached,
    minutesToProof: clock.timeToProof?.minutes ?? 0, timesRevoked: sandbox.manage.timesRevoked(serial), receipt: folder, verified: verdict.valid, openssl,
  }
}

async function writeFolder(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), bytes)
  }
}

/** The independent judge: the commands of VERIFY.md, run as they stand. */
function judgeWithOpenssl(console: Console, files: ReadonlyMap<string, Uint8Array>, folder: string): string {
  const version = opensslVersion()
  if (version === undefined) {
    console.line(`  ${console.say({ id: 'LEWATI: openssl tidak ada di mesin ini; VERIFY.md tidak dijalankan', en: 'SKIP: there is no openssl on this machine; VERIFY.md was not run' })}`)
    return 'skipped: no openssl on this machine'
  }
  const runs = runGuide(new TextDecoder().decode(files.get('VERIFY.md')), folder)
  const said = runs.map(({ output }) => output).join('\n')
  console.line(`  ${console.say({ id: 'VERIFY.md dijalankan dengan', en: 'VERIFY.md run with' })} ${version}:`)
  for (const run of runs.filter(({ command }) => /openssl (verify|ocsp)/.test(command))) {
    console.line(`    $ ${run.command}`)
    for (const line of run.output.split('\n')) console.line(`      ${line}`)
    console.line(`      (${console.say({ id: 'kode keluar', en: 'exit code' })} ${run.exitCode})`)
  }
  must(/error 23 at 0 depth lookup: certificate revoked|certificate\.pem: revoked/.test(said), 'openssl does not confirm the revocation')
  must(!/Certificate Hold|certificateHold/.test(said), 'openssl says the certificate is only on hold')
  return version
}
