import { Hono } from 'hono'
import { noStore, securityHeaders } from '../../../http/headers.ts'
import type { ChannelAdapter, ChannelHealth, OnEnvelope } from '../../channel.ts'
import { IntakeError } from '../../error.ts'
import { ActRoutes } from './acts/act-routes.ts'
import { askMessage, takeMessage } from './acts/message-routes.ts'
import { FormRoutes } from './form-routes.ts'
import { PageKeys } from './page-keys.ts'
import { DOOR_PATH } from './receipt-in-page/create-receipt-in-page.ts'
import { answerAtDoor } from './receipt-in-page/door-routes.ts'
import { SealedRoutes } from './sealed-routes.ts'
import type { WebChannelOptions } from './web-options.ts'

/**
 * The form without scripts, and the receipt's question. Nothing typed enters an address, a cookie or a log,
 * and nothing is stored before "Send".
 */
export class WebChannel implements ChannelAdapter {
  readonly channel = 'web'
  readonly line: string
  readonly routes: Hono
  #onEnvelope: OnEnvelope | undefined

  constructor(options: WebChannelOptions) {
    this.line = options.line
    this.routes = createRoutes(options, (...envelope) => this.#take(...envelope))
  }

  async start(onEnvelope: OnEnvelope): Promise<void> {
    this.#onEnvelope = onEnvelope
  }

  async stop(): Promise<void> {
    this.#onEnvelope = undefined
  }

  health(): ChannelHealth {
    return { state: this.#onEnvelope === undefined ? 'stopped' : 'running' }
  }

  async #take(...envelope: Parameters<OnEnvelope>): Promise<void> {
    if (this.#onEnvelope === undefined) throw new IntakeError('closed', 'the channel is stopped')
    await this.#onEnvelope(...envelope)
  }
}

function createRoutes(options: WebChannelOptions, onEnvelope: OnEnvelope): Hono {
  const routes = new Hono()
  const keys = new PageKeys(options)
  const form = new FormRoutes(options, keys, onEnvelope)
  const acts = new ActRoutes(options, keys)
  const language = '/:language{en|zh-hans|zh-hant}'
  for (const path of [
    '/declare',
    '/declare/',
    '/declare/leave',
    '/receipt',
    '/receipt/',
    '/receipt/message',
  ]) {
    routes.use(language + path, securityHeaders, noStore)
  }
  for (const end of ['', '/']) {
    routes.get(`${language}/declare${end}`, (c) => form.start(c))
    routes.post(`${language}/declare${end}`, (c) => form.step(c))
    routes.get(`${language}/receipt${end}`, (c) => acts.ask(c))
    routes.post(`${language}/receipt${end}`, (c) => acts.answer(c))
  }
  routes.get(`${language}/receipt/message`, (c) => askMessage(c, options))
  routes.post(`${language}/receipt/message`, (c) => takeMessage(c, options))
  routes.get(`${language}/declare/leave`, (c) => form.leave(c))
  const sealed = new SealedRoutes(options, keys)
  routes.use(DOOR_PATH, securityHeaders, noStore)
  routes.post(DOOR_PATH, (c) => answerAtDoor(c, options.acts))
  routes.use('/declare/sealed', securityHeaders, noStore)
  routes.post('/declare/sealed', (c) => sealed.take(c))
  routes.use(`${language}/declare/sealed`, securityHeaders, noStore)
  routes.get(`${language}/declare/sealed`, (c) => sealed.ask(c))
  routes.post(`${language}/declare/sealed`, (c) => sealed.handIn(c))
  return routes
}
