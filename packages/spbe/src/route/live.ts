import { HttpProblem } from '../problem/problem.js'
import { route, type Answer, type Call, type Route } from '../http/route.js'
import { load, standingOf } from './access.js'

/**
 * Live status as server-sent events (WHATWG HTML 9.2): one event per change, its id the version. The stream says where the request stands at
 * once, so that a lost event is made good by reconnecting; it ends after a while, because a token must not outlive its time on an open line.
 */
async function live(call: Call): Promise<Answer> {
  const { service, caller, language } = call
  const view = await load(service, caller, call.params['id'] as string)
  const { streams } = service
  if (streams.open >= streams.limit) throw new HttpProblem('spbeTooManyRequests', { headers: { 'Retry-After': '30' } }, { detail: 'too many live streams' })
  streams.open++
  const encoder = new TextEncoder()
  let end = (): void => undefined
  const seen = call.request.headers.get('last-event-id')
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
      const tell = (now: ReturnType<typeof standingOf>): void => {
        if (now.version <= last) return
        last = now.version
        send(`id: ${now.version}\nevent: status\ndata: ${JSON.stringify(now)}\n\n`)
      }
      const stop = service.desk.onChange((state) => {
        // Loaded again by the reader's own rights, so that what they may no longer see is not told.
        if (state.id === view.id) load(service, caller, view.id).then((now) => tell(standingOf(now, language))).catch(() => end())
      })
      const beat = setInterval(() => send(': hidup\n\n'), streams.heartbeat)
      const limit = setTimeout(() => end(), streams.lifetime)
      end = () => {
        if (ended) return
        ended = true
        stop()
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
      if (seen === String(view.version)) last = view.version
      else tell(standingOf(view, language))
      if (call.request.signal.aborted) end()
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
