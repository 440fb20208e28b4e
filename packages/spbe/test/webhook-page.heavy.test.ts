import { execFile, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import express, { type Router } from 'express'
import { afterAll, describe, expect, it } from 'vitest'
import { newWebhookSecret, type WebhookMessage } from '../src/index.js'
import { signWebhook } from '../src/webhook/sign.js'

const run = promisify(execFile)
const page = readFileSync(new URL('../../../docs/webhooks.md', import.meta.url), 'utf8')
/** Code blocks under a heading, in their order. */
const blocks = (heading: string, language: string): string[] => {
  const section = page.split(/^## /m).find((one) => one.startsWith(`${heading}\n`)) as string
  return [...section.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, code]) => code as string)
}
const secret = newWebhookSecret()
const older = newWebhookSecret()
const body = JSON.stringify({ type: 'request.status', timestamp: '2026-11-24T02:00:00.000Z', data: { code: 'SP/2026/00001', status: 'revoked' } })

/** Deliveries and what a receiver must answer; in order, because the last two carry an id handled before. */
async function deliveries(): Promise<readonly (readonly [string, Readonly<Record<string, string>>, string, number])[]> {
  const now = new Date()
  const signed = async (id: string, at: Date, with_ = secret): Promise<Record<string, string>> => ({ ...await signWebhook([with_], { id, at, body }) })
  const good = await signed('msg_1', now)
  return [
    ['signed', good, body, 204], ['signed with the older secret', await signed('msg_2', now, older), body, 204],
    ['changed on the way', await signed('msg_3', now), body.replace('revoked', 'rejected'), 400], ['signed by a stranger', await signed('msg_4', now, newWebhookSecret()), body, 400],
    ['six minutes old', await signed('msg_5', new Date(now.getTime() - 360_000)), body, 400], ['from the future', await signed('msg_6', new Date(now.getTime() + 360_000)), body, 400],
    ['without a signature', { ...good, 'webhook-id': 'msg_7', 'webhook-signature': '' }, body, 400], ['under another id', { ...good, 'webhook-id': 'msg_8' }, body, 400],
    ['sent twice', good, body, 204],
  ]
}
const folder = await mkdtemp(join(tmpdir(), 'cabut-webhook-page-'))
afterAll(async () => rm(folder, { recursive: true, force: true }))

const php = '/usr/share/php/Illuminate'
const laravel = spawnSync('php', ['--version']).status === 0 && ['Http', 'Cache', 'Container'].every((part) => existsSync(`${php}/${part}/autoload.php`))
if (!laravel) console.warn('SKIPPED the Laravel middleware: php-cli, php-illuminate-http, -cache and -container are not installed')

describe.skipIf(!laravel)('docs/webhooks.md, Laravel: on Laravel\'s own request, container and cache', () => {
  it('takes what is signed, once, and nothing else', async () => {
    const [middleware, provider] = blocks('Laravel', 'php') as [string, string]
    await writeFile(join(folder, 'VerifyCabutWebhook.php'), middleware)
    await writeFile(join(folder, 'provider.php'), `<?php ${provider}`)
    await writeFile(join(folder, 'harness.php'), `<?php
foreach (['Http', 'Cache', 'Container'] as $part) require "${php}/$part/autoload.php";
error_reporting(E_ALL & ~E_DEPRECATED);
require __DIR__ . '/VerifyCabutWebhook.php';
[$secrets, $given] = json_decode(file_get_contents('php://stdin'), true);
function config($key) { global $secrets; return $key === 'services.cabut.webhook_secrets' ? $secrets : null; }
final class AppServiceProvider { public $app; public function register(): void { require __DIR__ . '/provider.php'; } }
$app = new Illuminate\\Container\\Container();
$app->singleton(Illuminate\\Contracts\\Cache\\Repository::class, fn () => new Illuminate\\Cache\\Repository(new Illuminate\\Cache\\ArrayStore()));
$provider = new AppServiceProvider(); $provider->app = $app; $provider->register();
$handled = 0; $answers = [];
foreach ($given as [$headers, $body]) {
    $server = [];
    foreach ($headers as $name => $value) $server['HTTP_' . strtoupper(strtr($name, '-', '_'))] = $value;
    $request = Illuminate\\Http\\Request::create('/api/cabut/webhook', 'POST', [], [], [], $server, $body);
    $answers[] = $app->make(App\\Http\\Middleware\\VerifyCabutWebhook::class)->handle($request, function () use (&$handled) { $handled++; return new Illuminate\\Http\\Response('', 204); })->getStatusCode();
}
echo json_encode([$answers, $handled]);
`)
    const all = await deliveries()
    const child = run('php', [join(folder, 'harness.php')])
    child.child.stdin?.end(JSON.stringify([[secret, older], all.map(([, headers, sent]) => [headers, sent])]))
    const [answers, handled] = JSON.parse((await child).stdout) as [number[], number]
    expect(answers.map((status, at) => [all[at]?.[0], status])).toEqual(all.map(([title, , , status]) => [title, status]))
    expect(handled).toBe(2)
  })
})

describe('docs/webhooks.md, Express', () => {
  it('takes what is signed, once, and nothing else', async () => {
    const [code] = blocks('Express', 'ts') as [string]
    // Beside this test, so that it finds the packages; the test runner compiles it.
    const file = new URL(`./webhook-page.${process.pid}.ts`, import.meta.url)
    await writeFile(file, code)
    let server: Server | undefined
    try {
      const { cabutWebhook } = await import(/* @vite-ignore */ pathToFileURL(file.pathname).href) as { cabutWebhook: (secrets: readonly string[], handle: (message: WebhookMessage) => Promise<void>) => Router }
      const handled: unknown[] = []
      const started = createServer(express().use(cabutWebhook([secret, older], async (message) => { handled.push(message) })))
      server = started
      await new Promise<void>((done) => started.listen(0, '127.0.0.1', done))
      const answers: [string, number][] = []
      const all = await deliveries()
      for (const [title, headers, sent] of all) {
        const answer = await fetch(`http://127.0.0.1:${(started.address() as AddressInfo).port}/cabut/webhook`, { method: 'POST', body: sent, headers: { 'content-type': 'application/json', ...headers } })
        answers.push([title, answer.status])
      }
      expect(answers).toEqual(all.map(([title, , , status]) => [title, status]))
      expect(handled).toEqual([JSON.parse(body), JSON.parse(body)])
    } finally {
      server?.close()
      await rm(file)
    }
  })
})
