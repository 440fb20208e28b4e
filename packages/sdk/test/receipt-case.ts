import { createSandbox, type Sandbox } from '@cabut/sandbox'
import { readCertificate, type Certificate } from '@cabut/pki/certificate'
import { buildOcspRequest } from '@cabut/pki/ocsp'
import { createHash } from 'node:crypto'
import { sealEvent, type SealedEvent } from '../src/history/index.js'
import { collectEvidence, judgeProof, type Proof } from '../src/proof/index.js'
import type { ReceiptInput } from '../src/receipt/index.js'

/** An invented case, revoked in a sandbox whose clock stands at `now`. */
export interface ReceiptCase {
  readonly sandbox: Sandbox
  readonly certificate: Certificate
  readonly issuer: Certificate
  readonly root: Certificate
  readonly proof: Proof
  readonly input: ReceiptInput
}

export interface CasePlan {
  readonly source: 'crl' | 'ocsp'
  readonly now: Date
  readonly reason?: 'affiliationChanged' | 'keyCompromise'
  /** Hex: to choose a serial with a leading zero digit. */
  readonly serial?: string
  readonly ocspValidity?: number | null
  /** `null`: a CRL without nextUpdate. */
  readonly crlValidity?: number | null
  /** Another case of the same authority: making keys is what takes time. */
  readonly sandbox?: Sandbox
}

let counter = 0
/** Salts need not be random in tests, but differ. */
export const salts = (): string => (++counter).toString(16).padStart(32, '0')

export const PDF: Uint8Array = new TextEncoder().encode('%PDF-1.4\n% surat keterangan alasan pencabutan (contoh)\n%%EOF\n')

export async function makeCase(plan: CasePlan): Promise<ReceiptCase> {
  const now = plan.now.getTime()
  const sandbox = plan.sandbox ?? await createSandbox({
    faults: 'none', now: () => now, seed: 'receipt', publication: { delay: 0, ...(plan.crlValidity === undefined ? {} : { crlValidity: plan.crlValidity }), ...(plan.ocspValidity === undefined ? {} : { ocspValidity: plan.ocspValidity }) },
  })
  const leaf = await sandbox.manage.issue({
    username: sandbox.users[0]!.username, commonName: 'Contoh Pejabat', organization: 'Pemerintah Kabupaten Contoh', key: 'shared', ...(plan.serial === undefined ? {} : { serial: plan.serial }),
  })
  // Neighbours in the list: one on hold before and after, so that reading too far would show.
  for (const serial of plan.sandbox === undefined ? ['01', '7f'.repeat(20)] : []) {
    const other = await sandbox.manage.issue({ username: sandbox.users[0]!.username, commonName: 'Tetangga', organization: 'Contoh', serial, key: 'shared' })
    sandbox.manage.suspend(other.serial)
  }
  sandbox.manage.revokeAtAuthority(leaf.serial, plan.reason)
  sandbox.manage.publish()
  const certificate = readCertificate(leaf.der)
  const issuer = readCertificate(sandbox.ca.issuingPem)
  const root = readCertificate(sandbox.ca.rootPem)
  const evidence = plan.source === 'crl' ? sandbox.ca.crl() : sandbox.ca.ocsp(await buildOcspRequest({ certificate, issuer }))
  const status = await collectEvidence(certificate, {
    anchors: [root], intermediates: [issuer], at: plan.now, fetch: false, ...(plan.source === 'crl' ? { crls: [evidence] } : { ocsp: [evidence] }),
  })
  const verdict = await judgeProof({ evidence: [status], now: plan.now })
  if (verdict.verdict !== 'proven') throw new Error(`the case is not proven: ${JSON.stringify(verdict)} ${status.status} ${status.reason ?? ''}`)
  const history: SealedEvent[] = []
  for (const type of ['filed', 'approved', 'proven']) {
    history.push(await sealEvent({
      caseId: 'K-2026-0007', type, actor: { id: 'petugas-3', role: 'verifier', opd: 'dinkominfo' }, time: plan.now.toISOString(),
      standard: { id: 'kabupaten-purbalingga', version: '1' }, data: { serial: leaf.serial }, personal: { reason: 'mutasi', holder: 'Contoh Pejabat' },
    }, history.at(-1) ?? null, salts))
  }
  const input: ReceiptInput = {
    caseId: 'K-2026-0007',
    standard: { id: 'kabupaten-purbalingga', version: '1' },
    certificate: leaf.der,
    chain: [issuer, root],
    proof: verdict.proof,
    evidence,
    letters: [{ kind: 'surat permohonan', bytes: PDF, sha256: createHash('sha256').update(PDF).digest('hex'), mediaType: 'application/pdf', number: '000.8.3.3/15/OR', date: '2026-11-20' }],
    history,
    times: { filedAt: plan.now.toISOString() },
    personal: { holder: 'Contoh Pejabat', reason: 'mutasi' },
    sandbox: true,
    writtenAt: plan.now.toISOString(),
    salts,
  }
  return { sandbox, certificate, issuer, root, proof: verdict.proof, input }
}
