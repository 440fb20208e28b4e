import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockDirectory } from '../src/pglite/lock.js'

let directory: string
beforeEach(async () => { directory = await mkdtemp(join(tmpdir(), 'cabut-lock-')) })
afterEach(() => rm(directory, { recursive: true, force: true }))

const file = (): string => join(directory, 'cabut.lock')
/** A process that only lives. */
const living = (): ChildProcess => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
const over = (child: ChildProcess): Promise<unknown> => new Promise(resolve => child.once('exit', resolve))

test('a second opener is told who is first', async () => {
  const first = await lockDirectory(directory)
  await expect(lockDirectory(directory)).rejects.toMatchObject({ code: 'storeLocked', detail: expect.stringContaining(`process ${process.pid} on ${hostname()}`) as string })
  await first.release()
  expect(existsSync(file())).toBe(false)
  await (await lockDirectory(directory)).release()
})

test('of twenty at once one gets it', async () => {
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => lockDirectory(directory)))
  expect(tries.filter(each => each.status === 'fulfilled')).toHaveLength(1)
})

test('the file of a process that was killed is taken over; of twenty at once by one', async () => {
  const child = living()
  await writeFile(file(), JSON.stringify({ id: 'old', pid: child.pid, host: hostname(), born: '', since: 'then' }))
  await expect(lockDirectory(directory)).rejects.toMatchObject({ code: 'storeLocked' })
  child.kill('SIGKILL')
  await over(child)
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => lockDirectory(directory)))
  expect(tries.filter(each => each.status === 'fulfilled')).toHaveLength(1)
})

test.skipIf(!existsSync('/proc/self/stat'))('a process number used again is not the process that held it', async () => {
  const child = living()
  await writeFile(file(), JSON.stringify({ id: 'old', pid: child.pid, host: hostname(), born: 'another-boot 1', since: 'then' }))
  await (await lockDirectory(directory)).release()
  child.kill('SIGKILL')
})

test('a directory of another machine, or an unreadable file, is never taken over', async () => {
  for (const content of [JSON.stringify({ id: 'x', pid: 2 ** 30, host: 'lain', born: '', since: 'then' }), 'noise']) {
    await writeFile(file(), content)
    await expect(lockDirectory(directory)).rejects.toMatchObject({ code: 'storeLocked' })
    expect(await readFile(file(), 'utf8')).toBe(content)
  }
})

test('a release after another took over leaves the file alone', async () => {
  const first = await lockDirectory(directory)
  await writeFile(file(), JSON.stringify({ ...first.holder, id: 'another' }))
  await first.release()
  expect(existsSync(file())).toBe(true)
})
