import { Hono } from 'hono'
import type { FormDefinition } from '../declaration/form-definition.ts'
import { noStore, securityHeaders } from '../http/headers.ts'
import { accountRoutes } from './account-routes.ts'
import type { AppPage } from './app-page.ts'
import { caseRoutes } from './case-routes.ts'
import {
  answerError,
  createDeskServer,
  type DeskDependencies,
  requireOwnOrigin,
} from './desk-server.ts'
import { directoryRoutes } from './directory-routes.ts'
import { DeskError } from './error.ts'

export interface DeskRoutesDependencies extends DeskDependencies {
  readonly form: FormDefinition
  readonly sample: boolean
  readonly appPage: Pick<AppPage, 'routes'>
}

/** The volunteers' application and its API, to be mounted at `/desk`. */
export function createDeskRoutes(dependencies: DeskRoutesDependencies): Hono {
  const server = createDeskServer(dependencies)
  const { register, form, sample, appPage } = dependencies
  const api = new Hono()
  api.use(requireOwnOrigin)
  api.get('/register', (c) => c.json({ register, form, sample }))
  api.route('/', accountRoutes(server))
  api.route('/', directoryRoutes(server))
  api.route('/', caseRoutes(server))
  api.notFound(() => answerError(server, new DeskError('not_found', 'no such path')))
  const routes = new Hono()
  routes.use(securityHeaders)
  routes.use('/api/*', noStore)
  routes.route('/api', api)
  routes.route('/', appPage.routes)
  routes.onError((error) => answerError(server, error))
  return routes
}
