import { execFile, spawnSync } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { getRequestListener } from '@hono/node-server'
import openapiTS, { astToString } from 'openapi-typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Leaf } from '@cabut/sandbox'
import { openPortal, people, type Portal } from './portal.js'
import { openapiFile } from './write-openapi.js'
import { phpClientFile } from './write-php-client.js'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '..', '..', '..')
/** Inside the package, so that the client finds its library; never committed. */
const folder = join(root, 'packages', 'spbe', 'node_modules', '.generated-client')
let portal: Portal
let server: Server
let base: string
beforeAll(async () => {
  portal = await openPortal()
  server = createServer(getRequestListener(portal.handler.fetch))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise<void>((done) => server.close(() => done()))
  await portal.close()
})

/** What was filed by a client, as the desk has it. */
async function theOnlyRequestOf(leaf: Leaf): Promise<{ readonly id: string; readonly reason: string }> {
  const found = (await portal.desk.list()).filter(({ state }) => state.certificate.serial === leaf.serial)
  expect(found).toHaveLength(1)
  return { id: found[0]?.id as string, reason: found[0]?.state.reason as string }
}

describe('a TypeScript client generated from the committed document', () => {
  const use = (reason: string): string => `
import createClient from 'openapi-fetch'
import type { components, paths } from './spbe.js'

export async function fileIt(baseUrl: string, token: string, key: string, certificate: string, letter: string): Promise<{ id: string; again: string; status: string }> {
  const client = createClient<paths>({ baseUrl, headers: { authorization: \`Bearer \${token}\` } })
  const request: components['schemas']['Filing'] = {
    certificate: { part: 'sertifikat', username: 'surya.wibisana' }, ${reason}: 'mutasi', applicant: { name: 'Surya Wibisana' },
    letters: [{ part: 'surat', kind: 'requestLetter', number: '000.8.3.3/15/OR', date: '2026-11-23' }],
  }
  const file = async (): Promise<components['schemas']['Request']> => {
    const { data, error } = await client.POST('/v1/requests', {
      params: { header: { 'Idempotency-Key': key } }, body: { request },
      bodySerializer(body) {
        const form = new FormData()
        form.append('request', JSON.stringify(body.request))
        form.append('surat', new Blob([letter], { type: 'application/pdf' }), 'surat.pdf')
        form.append('sertifikat', new Blob([certificate]), 'sertifikat.pem')
        return form
      },
    })
    if (data === undefined) throw new Error(error.code)
    return data
  }
  const [first, second] = [await file(), await file()]
  const { data: read } = await client.GET('/v1/requests/{id}', { params: { path: { id: first.id } } })
  return { id: first.id, again: second.id, status: read?.statusLabel ?? '' }
}
`
  const compile = async (reason: string): Promise<string> => {
    await writeFile(join(folder, 'use.ts'), use(reason))
    return run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--ignoreConfig', '--strict', '--target', 'es2022', '--module', 'nodenext', '--types', 'node', '--skipLibCheck', join(folder, 'use.ts')], { cwd: folder })
      .then(() => '', (error: unknown) => (error as { stdout: string }).stdout)
  }

  it('compiles, files a request once and reads it; a misspelt field does not compile', async () => {
    await writeFile(join(folder, 'package.json'), '{"type":"module"}')
    await writeFile(join(folder, 'spbe.ts'), astToString(await openapiTS(openapiFile)))
    expect(await compile('alasan')).toMatch(/'alasan' does not exist in type/)
    expect(await compile('reason')).toBe('')
    const { fileIt } = await import(/* @vite-ignore */ pathToFileURL(join(folder, 'use.js')).href) as { fileIt: (...given: string[]) => Promise<{ id: string; again: string; status: string }> }
    const leaf = await portal.issue('surya.wibisana')
    const filed = await fileIt(base, await portal.token(people.opd), 'kunci-klien-ts-1', leaf.certificatePem, '%PDF-1.4\nisi\n%%EOF\n')
    expect(await theOnlyRequestOf(leaf)).toEqual({ id: filed.id, reason: 'mutasi' })
    expect(filed).toMatchObject({ again: filed.id, status: 'Diajukan' })
  }, 400_000)
})

const php = spawnSync('php', ['--version']).status === 0
if (!php) console.warn('SKIPPED the generated PHP client: there is no php on the PATH')

describe.skipIf(!php)('a PHP client generated from the same document', () => {
  it('is sound PHP, files a request once and reads it; a refusal is an answer', async () => {
    const client = phpClientFile.pathname
    expect((await run('php', ['-l', client])).stdout).toContain('No syntax errors')
    const leaf = await portal.issue('surya.wibisana')
    await writeFile(join(folder, 'sertifikat.pem'), leaf.certificatePem)
    await writeFile(join(folder, 'use.php'), `<?php
declare(strict_types=1);
error_reporting(E_ALL);
set_error_handler(function ($level, $words) { throw new ErrorException($words); });
require $argv[1];
$client = new CabutClient($argv[2], function () use ($argv): string { return $argv[3]; });
$request = [
    'certificate' => ['part' => 'sertifikat', 'username' => 'surya.wibisana'], 'reason' => 'mutasi', 'applicant' => ['name' => 'Surya Wibisana'],
    'letters' => [['part' => 'surat', 'kind' => 'requestLetter', 'number' => '000.8.3.3/15/OR', 'date' => '2026-11-23']],
];
$files = ['surat' => ['bytes' => "%PDF-1.4\\nisi\\n%%EOF\\n", 'type' => 'application/pdf'], 'sertifikat' => ['bytes' => file_get_contents($argv[4]), 'type' => 'application/octet-stream']];
$filed = $client->fileRequest($request, $files, 'kunci-klien-php-1');
$again = $client->fileRequest($request, $files, 'kunci-klien-php-1');
$read = $client->readRequest($filed['body']['id']);
$refused = $client->disposeRequest($filed['body']['id'], ['to' => 'tegar.maulana'], 'kunci-klien-php-2', '"999"');
$listed = $client->listRequests(['limit' => 1, 'status' => 'submitted']);
$standard = $client->readStandard();
echo json_encode([$filed['status'], $again['body']['id'] === $filed['body']['id'], $read['headers']['etag'] === $filed['headers']['etag'], $read['body']['statusLabel'], $refused['status'], $refused['body']['code'], count($listed['body']['items']), count($standard['body']['components']), $filed['body']['id']]);
`)
    const { stdout } = await run('php', [join(folder, 'use.php'), client, base, await portal.token(people.opd), join(folder, 'sertifikat.pem')])
    const { id } = await theOnlyRequestOf(leaf)
    expect(JSON.parse(stdout)).toEqual([201, true, true, 'Diajukan', 412, 'spbePreconditionFailed', 1, 14, id])
  }, 400_000)
})
