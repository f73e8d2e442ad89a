import { createHash } from 'node:crypto'
import { utf8 } from '../encoding/bytes.ts'
import { type Language, languageFacts, languages } from '../i18n/languages.ts'
import type { Assets } from '../ui/assets.ts'
import { html } from '../ui/html.ts'
import { checkerPlace } from './verify-app/checker-place.ts'
import { checkerWords } from './verify-app/words.ts'

export interface CheckerFileOptions {
  /** The language it opens in; it holds all. */
  readonly language: Language
  /** Text of the policy it judges by until its reader chooses another. */
  readonly policy: string | null
  readonly assets: Pick<Assets, 'pageAssets'>
  /** The script as it is served. */
  readonly script: Uint8Array
}

/**
 * The checker in one file that can be carried, compared and kept: it loads nothing of its own, and asks the network only
 * for the address its reader types. The same sources and policy give the same bytes.
 */
export function renderCheckerFile({
  language,
  policy,
  assets,
  script,
}: CheckerFileOptions): Uint8Array {
  const style = text(assets.pageAssets.find(({ path }) => path.endsWith('.css'))?.bytes)
  // Inside a script element these bytes would end it.
  const code = text(script).replaceAll('</script', '<\\/script').replaceAll('<!--', '\\x3c!--')
  const rules = [
    "default-src 'none'",
    `script-src ${hashSource(code)}`,
    `style-src ${hashSource(style)}`,
    'connect-src http: https:',
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ')
  const place = checkerPlace({ language, words: checkerWords(languages), root: null, policy })
  const body = html`<div class="wrap"><main id="main" tabindex="-1"><h1>Avow</h1>
<noscript><p class="warning">This file checks by script. 此文件用脚本核验。</p></noscript>
${place}</main></div>`
  const head = html`<!doctype html>
<html lang="${languageFacts[language].tag}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${rules}">
<title>Avow</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
`
  return utf8(
    `${head}<style>${style}</style>
</head>
<body>
${body}
<script type="module">${code}</script>
</body>
</html>
`,
  )
}

function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

function text(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('utf8')
}
