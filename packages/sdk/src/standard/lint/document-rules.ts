import type { ServiceStandard } from '../service-standard.js'
import { finding, type Finding } from './finding.js'
import { sayingOf, wordsOf } from './procedure-rules.js'

/** Words of neighbouring services; in a revocation service each is out of place where the service itself is named. */
const otherServices = /\b(penerbitan|pendaftaran|pembaruan|perpanjangan)\b/i
const revocation = /\b(pencabutan|penangguhan|pemblokiran)\b/i
/** Endings of official and common public addresses. */
const domainEnding = /\.(?:id|com|net|org|info|gov)$/i
/** An Indonesian mobile number: 08.. or +62 8.. */
const mobile = /(?:\+62|62|0)[ .-]?8\d(?:[ .-]?\d){6,10}(?!\d)/
const identityNumber = /(?<!\d)(?:\d{16}|\d{18})(?!\d)/

/** A product or facility that belongs to another service. */
export function serviceFindings(standard: ServiceStandard): Finding[] {
  const { product, facilities } = {
    product: wordsOf(standard, 'product'),
    facilities: standard.components.find(({ name }) => name === 'facilities'),
  }
  const findings: Finding[] = []
  const inProduct = otherServices.exec(product.text)
  if (inProduct !== null && !revocation.test(product.text))
    findings.push(finding('otherService', product.clause, product.path, inProduct[0]))
  for (const line of facilities?.verbatim ?? []) {
    const found = otherServices.exec(line)
    if (found !== null && !revocation.test(line))
      findings.push(finding('otherService', facilities?.clause ?? '-', wordsOf(standard, 'facilities').path, found[0]))
  }
  return findings
}

/** Addresses that cannot be right. */
export function contactFindings({ complaints }: ServiceStandard): Finding[] {
  return complaints.channels.flatMap(({ kind, value, clause }, index) => {
    const path = `complaints.channels[${index}].value`
    if (value === undefined) return []
    switch (kind) {
      case 'email':
        return /^[^@\s]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*$/i.test(value) && domainEnding.test(value)
          ? []
          : [finding('contactInvalid', clause, path, value)]
      case 'website':
      case 'lapor': {
        const host = value.replace(/^https?:\/\//i, '').split('/')[0] ?? ''
        return [
          ...(domainEnding.test(host) ? [] : [finding('contactInvalid', clause, path, value)]),
          ...(/^http:\/\//i.test(value) ? [finding('contactUnencrypted', clause, path)] : []),
        ]
      }
      case 'whatsapp':
        return mobile.test(value.replace(/[()]/g, '')) ? [] : [finding('whatsappLandline', clause, path)]
      default:
        return []
    }
  })
}

/** Persons and private numbers in a published text: what was omitted, and what was overlooked. */
export function privacyFindings({ components }: ServiceStandard): Finding[] {
  return components.flatMap(({ clause, verbatim, omitted }, index) => {
    const text = verbatim.join('\n')
    const overlooked = mobile.test(text) || identityNumber.test(text)
    return [
      ...(omitted ?? []).map(({ what, role, clause: at }) =>
        finding(what === 'personName' ? 'personNamed' : 'privateNumberPublished', at, `components[${index}].omitted`, role),
      ),
      ...(overlooked ? [finding('privateNumberPublished', clause, `components[${index}].verbatim`, clause)] : []),
    ]
  })
}

/** Complaints: classes that overlap, have no limit, or are handled by those complained about. */
export function complaintFindings(standard: ServiceStandard): Finding[] {
  const { classes, flow } = standard.complaints
  const { clause } = sayingOf(standard, 'complaints.classes')
  const general = classes.filter(({ supervisory }) => supervisory === undefined)
  const opposite = classes.find(({ supervisory }) => supervisory === false)
  const same = classes.filter(({ title }, index) => classes.findIndex((other) => other.title.id === title.id) < index)
  const deciders = new Set(standard.steps.filter(({ command }) => command === 'approve').map(({ role }) => role))
  const handlers = flow.filter(({ act }) => act === 'receive' || act === 'respond' || act === 'resolve')
  return [
    ...(opposite !== undefined && general.some(({ limit }) => limit !== null && limit.kind === 'workingMinutes')
      ? [
          finding(
            'complaintClassesOverlap',
            clause,
            'complaints.classes',
            [...general, opposite].map(({ title }) => `"${title.id}"`).join(', '),
          ),
        ]
      : []),
    ...(same.length > 0
      ? [finding('complaintClassesOverlap', clause, 'complaints.classes', same.map(({ title }) => `"${title.id}"`).join(', '))]
      : []),
    ...classes.flatMap(({ limit, title, clause: at }, index) =>
      limit === null ? [finding('complaintLimitMissing', at, `complaints.classes[${index}].limit`, title.id)] : [],
    ),
    ...(handlers.some(({ role }) => deciders.has(role)) && !flow.some(({ act }) => act === 'escalate')
      ? [finding('complaintAboutSelf', sayingOf(standard, 'complaints.flow').clause, 'complaints.flow')]
      : []),
  ]
}

/** Components that are empty, a roster too small for four eyes, a standard without its decree. */
export function completenessFindings(standard: ServiceStandard): Finding[] {
  return [
    ...standard.components.flatMap(({ says, clause, name }, index) =>
      says === 'stated' ? [] : [finding(says === 'silent' ? 'componentSilent' : 'componentUnknown', clause, `components[${index}]`, name)],
    ),
    ...(standard.fourEyes && standard.headcount.persons === 1
      ? [finding('headcountBelowFourEyes', sayingOf(standard, 'headcount').clause, 'headcount.persons')]
      : []),
    ...(standard.decree.says === 'stated' ? [] : [finding('decreeMissing', '-', 'decree')]),
  ]
}
