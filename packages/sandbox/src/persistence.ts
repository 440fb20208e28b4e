import { mkdir, open, readFile, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { AuthorityFile } from './authority/authority.js'
import { emptyState, type SandboxState } from './state.js'
import type { Restored, World } from './world.js'

/** What `dataDir` holds: `authority.json` (test keys), `state.json`, `letters/`. Files have mode 0600, the directory 0700. */
export interface Persistence {
  /** Returns when everything that happened before the call is on disk. */
  save(world: World): Promise<void>
}

interface Saved {
  readonly baseUrl: string
  readonly state: SandboxState
}

export async function openData(dir: string | undefined): Promise<{ restored: Restored; baseUrl?: string; persistence?: Persistence }> {
  if (dir === undefined) return { restored: { state: emptyState() } }
  await mkdir(join(dir, 'letters'), { recursive: true, mode: 0o700 })
  const authority = await readJson<AuthorityFile>(join(dir, 'authority.json'))
  const saved = await readJson<Saved>(join(dir, 'state.json'), revive)
  const letterBytes = new Map<string, Uint8Array>()
  for (const name of await readdir(join(dir, 'letters'))) {
    if (name.endsWith('.pdf')) letterBytes.set(name.slice(0, -4), new Uint8Array(await readFile(join(dir, 'letters', name))))
  }
  return {
    restored: { state: saved?.state ?? emptyState(), letterBytes, ...(authority === undefined ? {} : { authority }) },
    ...(saved === undefined ? {} : { baseUrl: saved.baseUrl }),
    persistence: createPersistence(dir, new Set(letterBytes.keys()), authority !== undefined),
  }
}

function createPersistence(dir: string, onDisk: Set<string>, authorityOnDisk: boolean): Persistence {
  let written = -1
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined

  async function write(world: World): Promise<void> {
    const touched = world.touched
    if (touched === written) return
    if (!authorityOnDisk) {
      await replaceFile(join(dir, 'authority.json'), JSON.stringify(world.authority.file, null, 2))
      authorityOnDisk = true
    }
    for (const [id, bytes] of world.letterBytes) {
      if (onDisk.has(id)) continue
      await replaceFile(join(dir, 'letters', `${id}.pdf`), bytes)
      onDisk.add(id)
    }
    await replaceFile(join(dir, 'state.json'), JSON.stringify({ baseUrl: world.baseUrl, state: world.state } satisfies Saved, replacer))
    written = touched
  }

  return {
    // One write at a time; everybody who waits during a write shares the next one.
    save(world) {
      if (running === undefined) {
        running = write(world).finally(() => {
          running = undefined
        })
        return running
      }
      next ??= running
        .catch(() => undefined)
        .then(() => {
          next = undefined
          running = write(world).finally(() => {
            running = undefined
          })
          return running
        })
      return next
    },
  }
}

/** Write, fsync, rename: a crash leaves the old file or the new one. */
async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.new`
  const file = await open(temporary, 'w', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
}

async function readJson<T>(path: string, reviver?: (key: string, value: unknown) => unknown): Promise<T | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  return JSON.parse(text, reviver) as T
}

/** CRLs are bytes; JSON keeps them in base64. */
function replacer(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value
}

function revive(_key: string, value: unknown): unknown {
  const text = (value as { base64?: unknown } | null)?.base64
  return typeof text === 'string' ? new Uint8Array(Buffer.from(text, 'base64')) : value
}
