import type { Route } from '../http/route.js'
import { complaintRoutes } from './complaints.js'
import { decisionRoutes } from './decisions.js'
import { embeddingRoutes } from './embedding.js'
import { evidenceRoutes } from './evidence.js'
import { liveRoutes } from './live.js'
import { requestRoutes } from './requests.js'
import { serviceRoutes } from './service.js'

/** THE table of routes: server, OpenAPI document and tests are made from it. */
export const routes: readonly Route[] = [...serviceRoutes, ...requestRoutes, ...liveRoutes, ...decisionRoutes, ...evidenceRoutes, ...embeddingRoutes, ...complaintRoutes]
