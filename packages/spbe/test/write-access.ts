import { roleNames, type RoleName } from '@cabut/sdk/standard'
import { readCaller } from '../src/http/caller.js'
import { routes } from '../src/route/index.js'

/** Where the committed page lives. */
export const accessFile: URL = new URL('../ACCESS.md', import.meta.url)

/** What a role sees. */
export type Sight = 'all' | 'office' | 'own'

/** What a role sees, as the interface reads a caller. */
export function sightOf(role: RoleName): Sight {
  const caller = readCaller({ id: 'p', roles: [role], opd: 'opd', issuer: 'x', vouchedBy: 'oidc' }, null)
  return caller.ownOnly ? 'own' : caller.reader.as === undefined ? 'all' : 'office'
}

/** The page as it is committed. */
export function accessPage(): string {
  const roles = roleNames.filter((role) => role !== 'system' && role !== 'bsre')
  return [
    '# Who sees what, and who may do what', '', 'Written by `CABUT_HEAVY=1 CABUT_WRITE=1 npx vitest run --project spbe access-matrix`; the tests compare it and walk every cell.', '',
    '`all`: every request of the service. `office`: requests of their own OPD. `own`: requests they filed or whose certificate is theirs. What is not seen does not exist: 404.',
    'Who may do what with a request they see, and when, is the workflow of the standard: each request lists it under `allowed`.', '',
    '| role | sees |', '|---|---|', ...roles.map((role) => `| ${role} | ${sightOf(role)} |`), '',
    '| route | token | sees by role | Idempotency-Key | If-Match |', '|---|---|---|---|---|',
    ...routes.map(({ method, path, access, writes, ifMatch, tag }) =>
      `| ${method.toUpperCase()} ${path} | ${access === 'public' ? '-' : 'required'} | ${access === 'public' ? '-' : tag === 'complaints' ? 'complaint desk' : path.includes('{id}') || path === '/v1/requests' ? 'yes' : '-'} | ${writes === true ? 'required' : '-'} | ${ifMatch === true ? 'required' : '-'} |`), '',
  ].join('\n')
}

/** Head of the table of cells, which are walked in `access-matrix.heavy.test.ts`. */
export function matrixHeading(columns: readonly string[]): string {
  return [
    '', '## Every route, every role, own and foreign OPD', '',
    'Under the standard of Kabupaten Purbalingga, or of the invented region a situation names where Purbalingga does not offer it. Each cell is a real call on a request of the OPD `dindik` that was',
    'brought into the situation by the commands before it: `✓` answered, `·` seen but refused (403 or 409), `–` does not exist for them (404). Before the stroke people of the same OPD, behind it',
    'those of another. The verifier is the one it was disposed to; the holder is the one whose certificate it is, behind the stroke another holder. Of a complaint the officer of the OPD is its reporter',
    'and the verifier its handler, behind the stroke others in their roles. Every row lets somebody in: a route that is only ever refused fails the test.', '',
    '`compromised`: filed as a transfer, then found to be a key others know. `emergency`: approved alone by the officer who had taken part in the filing. `contradicted`: revoked according to AMS, not on',
    'a later CRL. `answered`: proven, told and answered, not yet closed.', '',
    `| route below \`/v1/requests\` | situation | ${columns.join(' | ')} |`, `|${' --- |'.repeat(columns.length + 2)}`, '',
  ].join('\n')
}
