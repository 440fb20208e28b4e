import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test('cabut sandbox prints what a newcomer needs, works as printed, keeps its data and ends on SIGTERM', async () => {
  const data = await mkdtemp(join(tmpdir(), 'cabut-sandbox-'))
  const bin = fileURLToPath(new URL('../src/bin.ts', import.meta.url))
  const child = spawn(process.execPath, ['--conditions=@cabut/source', '--import', 'tsx', bin, 'sandbox', '--data', data, '--no-faults'], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const lines: string[] = []
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line)
      if (line.startsWith('Ctrl-C')) break
    }
    const printed = lines.join('\n')
    expect(printed).toMatch(/^AMS {5}http:\/\/127\.0\.0\.1:\d+\/ams$/m)
    expect(printed).toContain('-----BEGIN CERTIFICATE-----')
    const commands = [...printed.matchAll(/curl -X (\w+) (\S+) -H 'Authorization: (Bearer \S+)' -d '(.+)'/g)]
    expect(commands).toHaveLength(3)
    const answers: object[] = []
    for (const [, method = '', url = '', authorization = '', body = ''] of commands) answers.push(await (await fetch(url, { method, headers: { authorization }, body })).json() as object)
    expect(answers).toEqual([expect.objectContaining({ serial: expect.stringMatching(/^[0-9a-f]+$/) as string }), { crlNumber: expect.any(Number) as number }, {}])
    const token = /surya\.wibisana .*\n +(\S+)/.exec(printed)?.[1] ?? ''
    const ams = /^AMS +(\S+)$/m.exec(printed)?.[1] ?? ''
    const found = await (await fetch(`${ams}/certificates?username=surya.wibisana`, { headers: { authorization: `Bearer ${token}` } })).json() as { data: { items: object[] } }
    expect(found.data.items).toHaveLength(1)
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(await readdir(data)).toContain('state.json')
  } finally {
    child.kill('SIGKILL')
    await rm(data, { recursive: true, force: true })
  }
}, 120_000)
