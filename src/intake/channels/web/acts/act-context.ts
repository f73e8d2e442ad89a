import type { ActDoor } from '../../../act-door.ts'
import type { ReceiptView } from '../../../receipt-view.ts'
import type { FormContext } from '../form-context.ts'
import type { PageKeys } from '../page-keys.ts'
import type { WebFrame } from '../pages/form-frame.ts'
import type { WebChannelOptions } from '../web-options.ts'
import type { ActState } from './act-state.ts'
import type { ActTranslate } from './catalogue.ts'

/** One request about one receipt: what came, what the register says, and what the page needs to be written. */
export interface ActContext {
  readonly door: ActDoor
  readonly keys: PageKeys
  readonly options: WebChannelOptions
  readonly frame: WebFrame
  readonly form: FormContext
  readonly t: ActTranslate
  readonly state: ActState
  readonly view: ReceiptView
  readonly fields: URLSearchParams
}
