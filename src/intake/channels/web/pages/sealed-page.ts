import { toHex } from '../../../../encoding/hex.ts'
import { type FieldProblem, problemSummary, textArea } from '../../../../ui/form.ts'
import { html } from '../../../../ui/html.ts'
import { relativeLink } from '../../../../ui/links.ts'
import { leaveLink, notForSessionFiles, type PlainPageParts, type WebFrame } from './form-frame.ts'

/** Where someone hands in what was sealed elsewhere. Nothing of it is shown again: it may be somebody else's. */
export function sealedAskPage(
  frame: WebFrame,
  problems: readonly FieldProblem[],
  offline?: { readonly path: string; readonly sha256: string },
): PlainPageParts {
  const { t, path } = frame
  const title = t('sealedTitle')
  return {
    title: problems.length === 0 ? title : t('titleError', { title }),
    body: html`${problemSummary(t('problems'), problems)}<h1>${t('sealedHeading')}</h1>
<p>${t('sealedLead')}</p>
<form method="post" enctype="multipart/form-data" autocomplete="off" novalidate>
${notForSessionFiles}${textArea({
  name: 'message',
  label: t('sealedText'),
  hint: t('sealedTextHint'),
  problems,
  value: '',
})}<div class="field"><label for="file">${t('sealedFile')}</label>
<input type="file" id="file" name="file"></div>
<p class="actions"><button class="button">${t('sealedSend')}</button></p>
</form>
${
  offline &&
  html`<h2>${t('offlineGet')}</h2>
<p>${t('offlineGetMore')}</p>
<p><a class="button second" download href="${relativeLink(path, offline.path)}">${t('offlineGetLink')}</a></p>
<p class="hint">${t('offlineGetHash')} <span class="mono">${offline.sha256}</span><br>
<a download href="${relativeLink(path, `${offline.path}.note`)}">${t('offlineGetNote')}</a></p>
`
}${leaveLink(frame)}`,
  }
}

export function sealedTakenPage(
  frame: WebFrame,
  { ids }: { readonly ids: readonly Uint8Array[] },
): PlainPageParts {
  const { t, path, language } = frame
  return {
    title: t('sealedTitle'),
    body: html`<h1>${t('sealedTaken')}</h1>
<p>${t('sealedTakenMore')}</p>
<p>${t('sealedId')}</p>
<ul>${ids.map((id) => html`<li class="mono">${toHex(id)}</li>`)}</ul>
<p>${t('sealedTakenReceipt')} <a href="${relativeLink(path, `/${language}/receipt`)}">${t('receiptLaterLink')}</a></p>
${leaveLink(frame)}`,
  }
}
