import { Hono } from 'hono'
import type { FormDefinition } from '../declaration/form-definition.ts'
import { noStore, securityHeaders } from '../http/headers.ts'
import { accountRoutes } from './account-routes.ts'
import { auditRoutes } from './audit-routes.ts'
import { caseRoutes } from './case-routes.ts'
import {
  answerError,
  createDeskServer,
  type DeskDependencies,
  requireOwnOrigin,
} from './desk-server.ts'
import { directoryRoutes } from './directory-routes.ts'
import { DeskError } from './error.ts'
import { passkeyRoutes } from './passkey-routes.ts'
import { recoveryRoutes } from './recovery-routes.ts'

export interface DeskRoutesDependencies extends DeskDependencies {
  readonly form: FormDefinition
  readonly sample: boolean
}

/** The API of the volunteers' application, below `/desk/api`; its page is `createAppPage`. */
export function createDeskRoutes(dependencies: DeskRoutesDependencies): Hono {
  const server = createDeskServer(dependencies)
  const { register, form, sample } = dependencies
  const api = new Hono()
  api.use(requireOwnOrigin)
  api.get('/register', (c) => c.json({ register, form, sample }))
  api.route('/', accountRoutes(server))
  api.route('/', passkeyRoutes(server))
  api.route('/', recoveryRoutes(server))
  api.route('/', directoryRoutes(server))
  api.route('/', caseRoutes(server))
  api.route('/', auditRoutes(server))
  api.all('*', () => answerError(server, new DeskError('not_found', 'no such path')))
  const routes = new Hono()
  routes.use(securityHeaders)
  routes.use('/api/*', noStore)
  routes.route('/api', api)
  routes.onError((error) => answerError(server, error))
  return routes
}
