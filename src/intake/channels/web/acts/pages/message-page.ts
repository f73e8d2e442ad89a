import {
  type FieldProblem,
  headingLabel,
  problemSummary,
  textArea,
} from '../../../../../ui/form.ts'
import { html } from '../../../../../ui/html.ts'
import { relativeLink } from '../../../../../ui/links.ts'
import { leaveLink, notForSessionFiles, type WebFrame } from '../../pages/form-frame.ts'
import { plainPage } from '../../pages/form-page.ts'
import { actCatalogue } from '../catalogue.ts'

/** For acts that were signed elsewhere: by the command, or by a page that is gone since. */
export function messagePage(frame: WebFrame, problems: readonly FieldProblem[]): string {
  const t = actCatalogue(frame.language)
  const title = t('sendTitle')
  return plainPage(frame, {
    title: problems.length === 0 ? title : frame.t('titleError', { title }),
    body: html`${problemSummary(frame.t('problems'), problems)}<form method="post" enctype="multipart/form-data" autocomplete="off" novalidate>
${notForSessionFiles}${textArea({
  name: 'message',
  label: headingLabel(t('sendHeading')),
  hint: t('sendHint'),
  problems,
  value: '',
})}<div class="field"><label for="file">${t('sendFile')}</label>
<input type="file" id="file" name="file"></div>
<p class="actions"><button class="button">${t('sendDo')}</button></p>
</form>
${leaveLink(frame)}`,
  })
}

export function messageTakenPage(frame: WebFrame, count: number): string {
  const { language, path } = frame
  const t = actCatalogue(language)
  return plainPage(frame, {
    title: t('sendTitle'),
    body: html`<h1>${t('doneHeading')}</h1>
<p>${t('sendDone', { count })}</p>
<p>${t('doneOnce')}</p>
<p><a href="${relativeLink(path, `/${language}/receipt`)}">${t('back')}</a></p>
${leaveLink(frame)}`,
  })
}
