// Officers at their desks: each has a case of their own, reads lists and cases of others, and disposes the own one again and again.
import { Agent, request as open } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

const verifiers = ['tegar.maulana', 'ningrum.sekar']

/** A bare client over kept connections; `fetch` of Node 20 would be the bottleneck. */
export function createClient(port, connections) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  return {
    call: (method, path, headers = {}, body = undefined) => new Promise((done, fail) => {
      const sent = open({ agent, host: '127.0.0.1', port, method, path, headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }, timeout: 120_000 }, (answer) => {
        const chunks = []
        answer.on('data', (chunk) => chunks.push(chunk)).on('error', fail)
        answer.on('end', () => {
          if (answer.complete) done({ status: answer.statusCode, etag: answer.headers.etag, body: Buffer.concat(chunks).toString() })
          else fail(new Error('cut off'))
        })
      })
      sent.on('timeout', () => sent.destroy(new Error('timeout'))).on('error', fail)
      sent.end(body)
    }),
    close: () => agent.destroy(),
  }
}

/** One officer: what they do next, by turns. Reads 3 of 4. */
export function officer({ client, id, token, others, seed }) {
  let turn = seed
  let version
  let key = 0
  let disposed = 0
  const headers = { authorization: `Bearer ${token}` }
  const other = () => others[(turn * 7919 + seed) % others.length]
  const acts = {
    list: () => client.call('GET', '/v1/requests?limit=20', headers),
    read: () => client.call('GET', `/v1/requests/${other()}`, headers),
    ticket: () => client.call('GET', `/v1/requests/${other()}/ticket`, headers),
    /** Once, whatever happens on the way: the same key until there is an answer; a 412 means that the own act may have been done before its answer was lost. */
    async redispose(patient) {
      version ??= (await client.call('GET', `/v1/requests/${id}`, headers)).etag
      key++
      const body = JSON.stringify({ to: verifiers[key % 2] })
      for (;;) {
        const answer = await client.call('POST', `/v1/requests/${id}/redispose`, { ...headers, 'idempotency-key': `meja-${seed}-${key}-${id}`, 'if-match': version }, body).catch((error) => { if (patient) return undefined; throw error })
        if (answer?.status === 200) { version = answer.etag; disposed++; return answer }
        if (!patient) return answer
        if (answer?.status === 412) {
          // Nobody else touches this case: a newer version is the own act, done and not answered.
          version = answer.etag
          disposed++
          return { ...answer, status: 200 }
        }
        await pause(100)
      }
    },
  }
  const order = ['list', 'read', 'ticket', 'redispose']
  return {
    id,
    disposed: () => disposed,
    async act(patient = false) {
      const what = order[turn++ % order.length]
      return { what, answer: await (what === 'redispose' ? acts.redispose(patient) : acts[what]()) }
    },
  }
}

/** All of them at once, for a while. `pace`: milliseconds between two acts of one officer; 0: as fast as they are answered. */
export async function work(officers, { seconds, pace }) {
  const taken = { list: [], read: [], ticket: [], redispose: [] }
  let errors = 0
  const [started, end] = [performance.now(), performance.now() + seconds * 1_000]
  await Promise.all(officers.map(async (one, at) => {
    if (pace > 0) await pause((at / officers.length) * pace)
    for (let next = performance.now(); performance.now() < end; next += pace) {
      const from = performance.now()
      try {
        const { what, answer } = await one.act()
        taken[what].push(performance.now() - from)
        if (answer.status >= 400) errors++
      } catch {
        errors++
      }
      if (pace > 0) await pause(Math.max(0, next + pace - performance.now()))
    }
  }))
  const all = Object.values(taken).flat()
  return { taken, all, errors, rate: all.length / ((performance.now() - started) / 1_000) }
}

export const percentile = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0
