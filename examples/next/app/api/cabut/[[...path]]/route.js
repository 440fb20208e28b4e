export const dynamic = 'force-dynamic'

// Made at the first request, not while Next.js collects pages at build time.
const handle = async (request) => (await import('../../../../portal.js')).portal.fetch(request)

export const GET = handle
export const POST = handle
export const OPTIONS = handle
