import { createRandom, type Random } from '../random.js'
import { DOMAIN_KINDS, matches, rulesOf, type FaultKind, type FaultOf, type FaultRule, type FaultSetting } from './rules.js'

/** Draws faults. Each rule has its own stream per endpoint, so one endpoint's traffic never shifts another's faults. */
export interface FaultEngine {
  readonly seed: string | number
  /** The rules in force. */
  readonly rules: readonly FaultRule[]
  /** Replaces the rules and starts their counters and streams again. */
  set(setting: FaultSetting): void
  /** Adds rules after those in force. */
  add(...rules: readonly FaultRule[]): void
  /** Draws for one request: what befalls the connection, never what befalls the authority. */
  drawTransport(endpoint: string): FaultRule[]
  /** Draws what befalls the authority at one of its own acts. */
  drawDomain(endpoint: string): FaultRule[]
  /** Draws and gives the first fault of one kind. */
  one<K extends FaultKind>(endpoint: string, kind: K): FaultOf<K> | undefined
  /** Numbers for a fault that was drawn (durations). */
  readonly amounts: Random
}

interface Armed {
  readonly rule: FaultRule
  readonly streams: Map<string, Random>
  seen: number
  fired: number
}

export function createFaultEngine(
  seed: string | number,
  setting: FaultSetting | undefined,
  onFault: (endpoint: string, rule: FaultRule) => void,
): FaultEngine {
  let armed: Armed[] = []
  const arm = (rules: readonly FaultRule[]): Armed[] => rules.map((rule) => ({ rule, streams: new Map(), seen: 0, fired: 0 }))
  armed = arm(rulesOf(setting))

  function fires(one: Armed, index: number, endpoint: string): boolean {
    if (!matches(one.rule, endpoint)) return false
    const { probability = 1, times = Infinity, after = 0 } = one.rule
    let stream = one.streams.get(endpoint)
    if (stream === undefined) one.streams.set(endpoint, (stream = createRandom(seed, `${index} ${one.rule.kind} ${endpoint}`)))
    const chance = stream.next()
    one.seen += 1
    if (one.seen <= after || one.fired >= times || chance >= probability) return false
    one.fired += 1
    return true
  }

  function draw(endpoint: string, wanted: (kind: FaultKind) => boolean): FaultRule[] {
    const drawn: FaultRule[] = []
    armed.forEach((one, index) => {
      if (wanted(one.rule.kind) && fires(one, index, endpoint)) drawn.push(one.rule)
    })
    for (const rule of drawn) onFault(endpoint, rule)
    return drawn
  }

  return {
    seed,
    get rules() {
      return armed.map((one) => one.rule)
    },
    set(next) {
      armed = arm(rulesOf(next))
    },
    add(...rules) {
      armed = [...armed, ...arm(rulesOf(rules))]
    },
    drawTransport: (endpoint) => draw(endpoint, (kind) => DOMAIN_KINDS[kind] === undefined),
    drawDomain: (endpoint) => draw(endpoint, (kind) => DOMAIN_KINDS[kind] !== undefined),
    one: (endpoint, kind) => draw(endpoint, (one) => one === kind)[0] as never,
    amounts: createRandom(seed, 'amounts'),
  }
}
