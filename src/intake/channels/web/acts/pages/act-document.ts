import { page } from '../../../../../ui/page.ts'
import type { WebFrame } from '../../pages/form-frame.ts'
import type { ActTranslate } from '../catalogue.ts'
import { type ActPageParts, actBack, actBody, actLanguages } from './act-frame.ts'

/** A page of the receipt as the service sends it. */
export function actDocument(
  frame: WebFrame,
  t: ActTranslate,
  parts: ActPageParts,
  sealed: string,
): string {
  const { look, language, path } = frame
  return page({
    language,
    path,
    title: parts.title,
    body: actBody(frame, parts, sealed),
    options: {
      ...look,
      languageSwitch: actLanguages(frame, parts.enter),
      before: actBack(parts, t),
    },
  })
}
