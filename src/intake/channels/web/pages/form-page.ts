import type { MarkupValue } from '../../../../ui/html.ts'
import { page } from '../../../../ui/page.ts'
import {
  backControl,
  type FormPageParts,
  formBody,
  languageButtons,
  type PlainPageParts,
  type WebFrame,
} from './form-frame.ts'

/** A page that carries sealed state. */
export function formPage(frame: WebFrame, parts: FormPageParts, head?: MarkupValue): string {
  const { look, language, path } = frame
  return page({
    language,
    path,
    title: parts.title,
    body: formBody(frame, parts),
    options: {
      ...look,
      languageSwitch: languageButtons(frame, parts.enter),
      before: backControl(frame, parts.back),
      head,
    },
  })
}

export function plainPage(frame: WebFrame, parts: PlainPageParts, head?: MarkupValue): string {
  const { look, language, path } = frame
  return page({ language, path, title: parts.title, body: parts.body, options: { ...look, head } })
}
