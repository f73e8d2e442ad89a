import { encodeQR } from 'qr'
import { fromUtf8 } from '../encoding/bytes.ts'
import type { SealedForm } from '../intake/channels/web/in-page/seal-form.ts'
import type { WebFrame } from '../intake/channels/web/pages/form-frame.ts'
import { toQrFrames } from '../sealing/qr-frames.ts'
import { html, type Markup } from '../ui/html.ts'

/** The sealed message in every form a person can carry, put after the words that say it has not been sent. */
export function carryParts(
  main: HTMLElement,
  sealed: SealedForm,
  frame: WebFrame,
  siteUrl: string,
): void {
  // Once: the next receipt of a group is another page, and what is to be carried is the same.
  const place = main.querySelector('#stored')
  if (place === null) return
  const text = fromUtf8(sealed.message)
  place.insertAdjacentHTML('afterend', carryMarkup(text, sealed.id, frame, siteUrl).toString())
  const link = main.querySelector<HTMLAnchorElement>('a[download]')
  if (link === null) return
  link.href = URL.createObjectURL(new Blob([Uint8Array.from(sealed.message)]))
  const area = main.querySelector('textarea')
  area?.addEventListener('focus', () => area.select())
  for (const [i, slot] of main.querySelectorAll('.code').entries()) {
    slot.innerHTML = encodeQR(toQrFrames(text)[i] ?? '', 'svg', { ecc: 'low', border: 4 })
  }
}

function carryMarkup(text: string, id: string, { t, language }: WebFrame, siteUrl: string): Markup {
  const frames = toQrFrames(text)
  const url = new URL(`${language}/declare/sealed`, siteUrl).href
  return html`<p>${t('offlineWhere')} <span class="mono">${url}</span></p>
<div class="field"><label for="sealed">${t('offlineText')}</label>
<textarea id="sealed" class="short" readonly spellcheck="false" dir="ltr">
${text}</textarea></div>
<p><a class="button second" download="declaration-${id.slice(0, 8)}.txt" href="#sealed">${t('offlineFile')}</a></p>
<details><summary>${t('offlineCodes')} (${frames.length})</summary>
<p class="hint">${t('offlineCodesHint')}</p>
${frames.map((_, i) => html`<figure><div class="code"></div><figcaption>${t('offlineCode', { number: i + 1, count: frames.length })}</figcaption></figure>`)}
</details>
<p class="hint">${t('offlineHash')} <span class="mono">${id}</span></p>
`
}
