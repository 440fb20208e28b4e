// What both platforms must answer, so that two equal mistakes are not agreement. Only the decisive part of each answer.
const letter = (kind, integrity, level, standing, contentChanged) => (answer) => answer[0] === kind && answer[1][0][0] === integrity && answer[1][0][1] === level && answer[1][0][4] === standing && answer[1][0][5].contentChanged === contentChanged
const receipt = (valid, code) => (answer) => answer.valid === valid && (code === undefined || answer.problems.some((problem) => problem.code === code))

export const expected = {
  'status without evidence': (answer) => answer[0] === 'unknown',
  'status by CRL': (answer) => answer[0] === 'good' && answer[4].length === 3,
  'status by OCSP': (answer) => answer[0] === 'good',
  'status revoked': (answer) => answer[0] === 'revoked' && answer[2].reason === 'keyCompromise',
  'CRL of 100,000 entries': (answer) => answer[0] === 100_000 && answer[2][0].serial === '100001' && answer[2][2] === null && answer[3] === 'valid' && answer[4] !== 'valid',
  'CRL of 100,000 entries, streamed': (answer) => answer[0] === 100_000 && answer[1].serial === '100003' && answer[2] === null,
  'names': (answer) => answer[0] === true && answer[1] === false && answer[3].length === 1,
  'a name that is none': (answer) => answer.refused === 'nameSyntax',
  'letter signed': letter('signed', 'intact', 'B-T', 'good', false),
  'letter archived': letter('signed', 'intact', 'B-LTA', 'good', false),
  'letter ecdsa': letter('signed', 'intact', 'B-T', 'good', false),
  'letter broken': letter('signed', 'broken', 'none', null, false),
  'letter changed': letter('signed', 'intact', 'B-T', 'good', true),
  'letter unsigned': (answer) => answer[0] === 'unsigned' && answer[4] > 0,
  'letter printout': (answer) => answer[0] === 'claimsElectronicSignature',
  'letter truncated': (answer) => answer.refused === 'pdfMalformed',
  'receipt full': receipt(true),
  'receipt full, another root': receipt(false, 'anchorUnknown'),
  'receipt full, changed': receipt(false, 'fileChanged'),
  'receipt public': receipt(true),
  'receipt public, another root': receipt(false, 'anchorUnknown'),
  'receipt public, changed': receipt(false, 'fileChanged'),
}
