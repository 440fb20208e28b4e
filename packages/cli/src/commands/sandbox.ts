import { startSandbox } from '@cabut/sandbox'
import { exitCodes } from '../exit-codes.js'
import { InputError } from '../input.js'
import type { CommandSpec } from '../program.js'

/** `cabut sandbox`: the stand-in AMS, e-Sign and certificate authority on loopback, until Ctrl-C. */
export const sandbox: CommandSpec = {
  usage: 'sandbox',
  summary: { id: 'jalankan AMS, e-Sign dan CA tiruan di mesin ini', en: 'run the stand-in AMS, e-Sign and CA on this machine' },
  options: [
    { flags: '--data <folder>', text: { id: 'simpan CA dan keadaan di folder ini', en: 'keep the CA and its state in this folder' } },
    { flags: '--port <number>', text: { id: 'porta (bawaan: bebas)', en: 'port (default: a free one)' } },
    { flags: '--seed <text>', text: { id: 'benih gangguan, agar dapat diulang', en: 'seed of the faults, to repeat them' } },
    { flags: '--no-faults', text: { id: 'tanpa gangguan', en: 'without faults' } },
  ],
  async run(console, _args, options) {
    const running = await startSandbox({
      ...(options['faults'] === false ? { faults: 'none' as const } : {}),
      ...(typeof options['data'] === 'string' ? { dataDir: options['data'] } : {}),
      ...(typeof options['seed'] === 'string' ? { seed: options['seed'] } : {}),
      ...(typeof options['port'] === 'string' ? { port: readPort(options['port']) } : {}),
    })
    const users = running.users.map(({ username, role, agency }) => ({ username, role, agency, token: running.manage.token(username) }))
    console.document({ urls: running.urls, anchors: running.anchors, intermediates: [running.ca.issuingPem], issuer: running.ca.issuerDn, seed: running.manage.faults.seed, manageToken: running.manageToken, users })
    console.line(`AMS     ${running.urls.ams}`)
    console.line(`e-Sign  ${running.urls.esign}`)
    console.line(`CRL     ${running.urls.crl}`)
    console.line(`OCSP    ${running.urls.ocsp}`)
    console.line(`${console.say({ id: 'Pengelolaan', en: 'Management' }).padEnd(7)} ${running.urls.manage} (Bearer ${running.manageToken})`)
    console.line(`${console.say({ id: 'Benih gangguan', en: 'Seed of the faults' })}: ${running.manage.faults.seed}`)
    console.line()
    console.line(console.say({ id: 'Orang rekaan dan token mereka (hanya untuk sandbox ini):', en: 'Invented people and their tokens (for this sandbox only):' }))
    for (const user of users) console.line(`  ${user.username.padEnd(18)} ${user.role.padEnd(12)} ${user.agency}\n    ${user.token}`)
    console.line()
    console.line(console.say({ id: 'Sertifikat terbit, penerbitan CRL dan gangguan diatur lewat pengelolaan, misalnya:', en: 'Issuing certificates, publishing the CRL and faults are managed, for example:' }))
    const curl = (method: string, path: string, body: string): string => `  curl -X ${method} ${running.urls.manage}${path} -H 'Authorization: Bearer ${running.manageToken}' -d '${body}'`
    console.line(curl('POST', '/certificates', '{"username":"surya.wibisana"}'))
    console.line(curl('POST', '/publish', '{}'))
    console.line(curl('PUT', '/faults', '"none"'))
    console.line()
    console.line(console.say({ id: 'Jangkar kepercayaan (simpan sebagai akar.pem untuk --anchors):', en: 'Trust anchor (keep it as root.pem for --anchors):' }))
    console.line(running.anchors[0].trimEnd())
    console.line(console.say({ id: 'Ctrl-C untuk berhenti.', en: 'Ctrl-C to stop.' }))
    await new Promise<void>((stop) => {
      process.once('SIGINT', stop)
      process.once('SIGTERM', stop)
    })
    await running.close()
    return exitCodes.good
  },
}

function readPort(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InputError({ id: 'porta: 0 sampai 65535', en: 'port: 0 to 65535' })
  return port
}
