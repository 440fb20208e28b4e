import { commandBlock, outputBlock, type GuideFacts } from './guide-facts.js'

/** VERIFY.md in English. */
export function guideEn({ receipt, rootFingerprint, printedSerial, rootFile, commands }: GuideFacts): string {
  const { proof } = receipt
  const full = commands.certificate !== undefined
  const crl = proof.source === 'crl'
  const parts = [
    '# Receipt of proof: how to verify',
    '',
    ...(receipt.sandbox ? ['> **SANDBOX.** A trial with an invented certificate authority. No real revocation, and no proof of one.', ''] : []),
    `Case \`${receipt.caseId}\`. The certificate with the serial number \`${receipt.certificate.serial}\` (hexadecimal) has been **revoked** by its issuer.`,
    `Time of revocation according to the issuer: \`${proof.revocationDate}\` (UTC). Source: ${crl ? 'the CRL' : 'the OCSP response'} signed by the issuer at \`${proof.thisUpdate}\` (UTC).`,
    '',
    'Check it yourself with OpenSSL 3 or newer, without a network, from inside this folder. The commands hold years later because `-attime` uses the time of the evidence.',
    '',
    '## 1. The files are whole',
    '',
    commandBlock(commands.manifest, commands.files),
    '',
    'First command: every line must end in `: OK` (on macOS: `shasum -a 256 -c MANIFEST`). Second command: the list must be that of `MANIFEST`, and `MANIFEST` itself; a file beyond it is no part of this receipt.',
    '',
    '## 2. The root of trust',
    '',
    commandBlock(commands.fingerprint),
    '',
    'It must print:',
    '',
    outputBlock(`sha256 Fingerprint=${rootFingerprint}`),
    '',
    receipt.publishedFingerprint === undefined
      ? `Compare it with the fingerprint that the certificate authority itself publishes, taken from elsewhere. Without this step the folder only proves itself: anybody can make a \`${rootFile}\`.`
      : `Compare it with the fingerprint published at: ${receipt.publishedFingerprint.where}. Take it from there, not from this folder: anybody can make a \`${rootFile}\`.`,
    '',
    ...(commands.certificate === undefined
      ? [receipt.form === 'public'
        ? 'This public form holds no certificate, letters, names or reason. The certificate is told by issuer and serial number; whoever has the full form can open the salted commitments in `receipt.json`.'
        : 'The certificate itself was not at hand when this request was handled. Issuer and serial number tell it: no authority gives one number twice (RFC 5280 4.1.2.2).', '']
      : ['## 3. The certificate in question', '', commandBlock(commands.certificate), '', `The serial number must be \`${printedSerial}\`, and the holder the one you look for.`, '']),
    `## ${full ? 4 : 3}. Revoked`,
    '',
    commandBlock(...commands.prove),
    '',
  ]
  if (crl && full) {
    parts.push(
      'It means **revoked** only if this line is printed and the exit code (`echo $?`) is **2**:',
      '',
      outputBlock('error 23 at 0 depth lookup: certificate revoked'),
      '',
      '`certificate.pem: OK` with exit code 0 means **not** revoked by this CRL. An `error` line with another number and without the line above means not proven.',
    )
  } else if (crl) {
    parts.push(
      `${commands.prove.length === 1 ? 'The command' : 'The first command must print a line that ends in `: OK`, the last'} must print \`verify OK\`, with exit code (\`echo $?\`) **0**: the CRL is the issuer's. Whether it lists the certificate is the next step.`,
    )
  } else {
    const name = full ? 'certificate.pem' : `0x${receipt.certificate.serial}`
    parts.push(
      'It means **revoked** only if both lines are printed and the exit code (`echo $?`) is **0**:',
      '',
      outputBlock('Response verify OK', `${name}: revoked`),
      '',
      '`good` or `unknown` means not proven, though the exit code is 0. If `Response Verify Failure` is printed, the other lines do not count. `WARNING: no nonce in response` is to be expected: the evidence is looked at long after it was made.',
    )
  }
  parts.push('', `## ${full ? 5 : 4}. Not merely on hold`, '')
  if (commands.entry === undefined) {
    parts.push('Look at the line `Reason:` in the output of the step before. If it says `certificateHold`, the certificate is only **suspended**, not revoked. No line `Reason:`, or another reason: revoked.')
  } else {
    parts.push(
      commandBlock(commands.entry),
      '',
      `It must print \`Serial Number: ${printedSerial}\` with a \`Revocation Date\` below. Nothing printed: not listed, not proven. If \`Certificate Hold\` stands before the next \`Serial Number:\`, the certificate is only **suspended**, not revoked. No reason, or another one: revoked.`,
    )
  }
  parts.push(
    '',
    '## What it does not prove',
    '',
    'The folder proves the revocation and that its files fit together. It does not prove who wrote the history (`history.jsonl`), or what the letters say. The chain of events is checked by `cabut receipt verify`.',
    '',
  )
  return parts.join('\n')
}
