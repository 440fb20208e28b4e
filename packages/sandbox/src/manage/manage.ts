import { decideAtBsre, settleBsre } from '../ams/bsre.js'
import { makeToken } from '../ams/access.js'
import { amsTime } from '../ams/views.js'
import type { EsignStatus } from '../esign/status.js'
import type { LaporPeer } from '../lapor/routes.js'
import type { LetterPeer } from '../srikandi/letters.js'
import type { Peers } from '../peers.js'
import type { Leaf } from '../authority/authority.js'
import type { FaultRule, FaultSetting } from '../fault/rules.js'
import type { LogEntry, RevocationRecord, SandboxUser } from '../state.js'
import type { CertificatePlan, World } from '../world.js'

/** What only the person who runs the sandbox may do. Nothing here passes through the faults. */
export interface SandboxManage {
  readonly users: readonly SandboxUser[]
  /** A bearer token for one user, for AMS. @param lifetime milliseconds */
  token(username: string, lifetime?: number): string
  /** Issues a certificate that AMS lists for `username`. */
  issue(plan: CertificatePlan & { readonly username: string }): Promise<Leaf>
  /** BSrE approves a record that waits for it. */
  approve(revocation: string): void
  /** BSrE refuses a record that waits for it. */
  refuse(revocation: string, message: string): void
  /** Lets BSrE's rule run now. */
  settle(): void
  /** Publishes what is due or not: `only` one channel; `withheld` also what a fault holds back. Returns the CRL number. */
  publish(options?: { readonly only?: 'crl' | 'ocsp'; readonly withheld?: boolean }): number
  /** BSrE suspends a certificate (certificateHold). */
  suspend(serial: string): void
  /** BSrE lifts a suspension. */
  resume(serial: string): void
  /** The authority revokes by itself, without any record in AMS. */
  revokeAtAuthority(serial: string, reason?: Parameters<World['publication']['revoke']>[0]['reason']): void
  revocations(): readonly Readonly<RevocationRecord>[]
  /** The letter's octets as AMS keeps them. */
  letter(letterId: string): Uint8Array | undefined
  /** Append-only: the witness of what really happened. */
  log(): readonly LogEntry[]
  /** How often the authority revoked this serial. More than once is a double revocation. */
  timesRevoked(serial: string): number
  /** The e-Sign peer: its client credentials, told statuses, and the shape of its chain. */
  readonly esign: {
    readonly username: string
    readonly password: string
    /** Tells a status instead of deriving it; `undefined` derives again. */
    setStatus(username: string, status: EsignStatus | undefined): void
    setChain(format: 'pem' | 'base64'): void
  }
  /** A one-time login code for the token endpoint, as its login page would give it. `challenge`: PKCE S256. */
  loginCode(username: string, challenge?: string): string
  /** The Srikandi-like peer (ASSUMED): a token per office, and its letters. */
  readonly srikandi: { token(office: string): string; readonly letters: LetterPeer }
  /** The SP4N-LAPOR peer: its two credentials, the complaints it holds, answers by the institution. */
  readonly lapor: { readonly auth: string; readonly token: string } & Pick<LaporPeer, 'complaints' | 'answer'>
  /** The SPLP gateway: `/splp/t/{tenant}/{context}/{version}`, one key per service. */
  readonly splp: { readonly tenant: string; key(context: string): string; url(context: string): string }
  readonly faults: {
    readonly seed: string | number
    readonly rules: readonly FaultRule[]
    set(setting: FaultSetting): void
    add(...rules: readonly FaultRule[]): void
  }
  /** Resolves when every webhook on its way has arrived. */
  webhooksSettled(): Promise<void>
  /** AMS's time as it prints it. */
  amsTime(): string
}

export function createManage(world: World, peers: Peers): SandboxManage {
  const find = (id: string): RevocationRecord => {
    const record = world.revocations.get(id)
    if (record === undefined) throw new TypeError(`no revocation ${id} in this sandbox`)
    return record
  }
  const certificate = (serial: string): NonNullable<ReturnType<World['bySerial']>> => {
    const record = world.bySerial(serial.toLowerCase().replace(/^0+(?=.)/, ''))
    if (record === undefined) throw new TypeError('no certificate with this serial in this sandbox')
    return record
  }
  const service = (context: string): Peers['splp']['services'][number] => {
    const found = peers.splp.services.find((one) => one.context === context)
    if (found === undefined) throw new TypeError('no such service behind the gateway')
    return found
  }
  const wholeSecond = (): number => Math.floor(world.now() / 1000) * 1000

  return {
    users: world.users,
    token(username, lifetime) {
      const user = world.findUser(username)
      if (user === undefined) throw new TypeError('no such user in this sandbox')
      return makeToken(world, user, lifetime)
    },
    issue: (plan) => world.issue(plan),
    approve: (id) => decideAtBsre(world, find(id), { decision: 'APPROVE' }),
    refuse: (id, message) => decideAtBsre(world, find(id), { decision: 'REFUSE', message }),
    settle: () => settleBsre(world),
    publish: ({ only, withheld } = {}) => world.publication.publish(only, withheld).number,
    suspend(serial) {
      const record = certificate(serial)
      if (record.status !== 'active') throw new TypeError(`certificate is ${record.status}`)
      record.status = 'held'
      world.publication.revoke({ serial: record.serial, revokedAt: wholeSecond(), reason: 'certificateHold' })
      world.log('CERTIFICATE_HELD', { serial: record.serial })
    },
    resume(serial) {
      const record = certificate(serial)
      if (record.status !== 'held') throw new TypeError(`certificate is ${record.status}`)
      record.status = 'active'
      world.publication.release(record.serial)
      world.log('CERTIFICATE_RELEASED', { serial: record.serial })
    },
    revokeAtAuthority(serial, reason) {
      const canonical = serial.toLowerCase().replace(/^0+(?=.)/, '')
      world.publication.revoke({ serial: canonical, revokedAt: wholeSecond(), ...(reason === undefined ? {} : { reason }) })
      world.log('CERTIFICATE_REVOKED', { serial: canonical, by: 'authority' })
    },
    revocations: () => world.revocations.all,
    letter: (id) => world.letterBytes.get(id),
    log: () => [...world.state.log],
    timesRevoked: (serial) => world.state.log.filter((entry) => entry.type === 'CERTIFICATE_REVOKED' && entry.serial === serial).length,
    esign: {
      username: peers.esign.username,
      password: peers.esign.password,
      setStatus(username, status) {
        if (status === undefined) peers.esign.forced.delete(username)
        else peers.esign.forced.set(username, status)
      },
      setChain(format) {
        peers.esign.chain = format
      },
    },
    loginCode: (username, challenge) => peers.login.code(username, challenge),
    srikandi: { token: (office) => peers.officeToken(office), letters: peers.letters },
    lapor: {
      ...peers.lapor.credentials,
      complaints: () => peers.lapor.complaints(),
      answer: (...answer) => {
        peers.lapor.answer(...answer)
      },
    },
    splp: {
      tenant: peers.splp.tenant,
      key: (context) => service(context).key,
      url: (context) => `${world.baseUrl}/splp/t/${peers.splp.tenant}/${context}/${service(context).version}`,
    },
    faults: {
      seed: world.faults.seed,
      get rules() {
        return world.faults.rules
      },
      set: (setting) => world.faults.set(setting),
      add: (...rules) => world.faults.add(...rules),
    },
    webhooksSettled: () => world.webhooks.settled(),
    amsTime: () => amsTime(world.amsNow()),
  }
}
