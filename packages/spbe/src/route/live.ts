import type { RequestView } from '@cabut/sdk/desk'
import { HttpProblem } from '../problem/problem.js'
import { route, type Answer, type Call, type Route } from '../http/route.js'
import { load, standingOf } from './access.js'

/**
 * Live status as server-sent events (WHATWG HTML 9.2): one event per change, its id the version. The stream says where the request stands at
 * once, so that a lost event is made good by reconnecting; it ends after a while, because a token must not outlive its time on an open line.
 */
async function live(call: Call): Promise<Answer> {
  const { service, caller, language } = call
  const { streams, lookout } = service
  const id = call.params['id'] as string
  // Followed before it is looked at, so that no change falls between.
  let meanwhile: RequestView | 'gone' | undefined
  let tell = (now: RequestView): void => { meanwhile = now }
  let end = (): void => { meanwhile = 'gone' }
  const leave = lookout.follow(id, caller, { seen: (now) => tell(now), gone: () => end() })
  let view: RequestView
  try {
    view = await load(service, caller, id)
    if (streams.open >= streams.limit) throw new HttpProblem('spbeTooManyRequests', { headers: { 'Retry-After': '30' } }, { detail: 'too many live streams' })
  } catch (error) {
    leave()
    throw error
  }
  streams.open++
  const encoder = new TextEncoder()
  const known = call.request.headers.get('last-event-id')
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      let last = -1
      let ended = false
      const send = (text: string): void => {
        // What was still being loaded when the reader left has nobody to go to.
        if (ended) return
        // A reader that does not read is cut off instead of being buffered for.
        if ((controller.desiredSize ?? 0) < -100) end()
        else controller.enqueue(encoder.encode(text))
      }
      tell = (now) => {
        if (now.version <= last) return
        last = now.version
        send(`id: ${now.version}\nevent: status\ndata: ${JSON.stringify(standingOf(now, language))}\n\n`)
      }
      const beat = setInterval(() => send(': hidup\n\n'), streams.heartbeat)
      const limit = setTimeout(() => end(), streams.lifetime)
      end = () => {
        if (ended) return
        ended = true
        leave()
        clearInterval(beat)
        clearTimeout(limit)
        streams.open--
        try {
          controller.close()
        } catch {
          // The reader has gone already.
        }
      }
      send('retry: 5000\n\n')
      if (known === String(view.version)) last = view.version
      else tell(view)
      if (meanwhile !== undefined && meanwhile !== 'gone') tell(meanwhile)
      if (meanwhile === 'gone' || call.request.signal.aborted) end()
      else call.request.signal.addEventListener('abort', () => end(), { once: true })
    },
    cancel: () => end(),
  })
  // Proxies that buffer are told not to; where one does anyway, poll the request with its ETag.
  return new Response(stream, { headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store, no-transform', 'X-Accel-Buffering': 'no' } })
}

/** Live status. */
export const liveRoutes: readonly Route[] = [
  route({
    operationId: 'watchRequest', method: 'get', path: '/v1/requests/{id}/live', tag: 'requests', access: 'bearer', embed: 'read',
    summary: { id: 'Status langsung (server-sent events)', en: 'Live status (server-sent events)' },
    answers: { status: 200, description: 'Events `status` with version, status and label', media: 'text/event-stream' },
    problems: ['spbeTooManyRequests'], handle: live,
  }),
]
