export { buildTimestampRequest, timestampQueryType, timestampReplyType, type TimestampRequestInput } from './request.js'
export { readTimestampResponse, timestampTokenOf, type TimestampResponse } from './response.js'
export { checkTimestamp, type TimestampOptions, type TimestampReport } from './check.js'
