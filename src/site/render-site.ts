import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { CentreList } from '../declaration/centre-list.ts'
import { utf8 } from '../encoding/bytes.ts'
import { languages } from '../i18n/languages.ts'
import { type NamedBytes, writeDurably } from '../register/durable-files.ts'
import { renderCentreMap } from './centre-map.ts'
import { COUNT_FILE, renderCountFile } from './count-file.ts'
import { renderCountPicture } from './count-picture.ts'
import type { DeclarationView } from './declaration-view.ts'
import { renderFeed } from './feed.ts'
import { renderCentresPage } from './pages/centres-page.ts'
import { renderCountPage } from './pages/count-page.ts'
import { newestRange, renderListPage } from './pages/declaration-list.ts'
import { renderFrontPage } from './pages/front-page.ts'
import { renderHomePage } from './pages/home-page.ts'
import { renderKeptPage } from './pages/kept-page.ts'
import { renderNumberPage } from './pages/number-page.ts'
import { renderVerifyPage } from './pages/verify-page.ts'
import { frame, type SiteLook } from './site-page.ts'
import type { RegisterSummary } from './summary.ts'

const NEWEST_ON_HOME = 8
const ROBOTS = 'User-agent: *\nDisallow: /desk/\n'

/** Every moving page of one published pair, by path below the public folder. */
export function renderMovingPages(
  look: SiteLook,
  summary: RegisterSummary,
  newest: readonly DeclarationView[],
  centres: CentreList,
): ReadonlyMap<string, Uint8Array> {
  const size = summary.pair.declarations.size
  const pages = new Map<string, Uint8Array>([
    ['index.html', utf8(renderFrontPage(look))],
    [COUNT_FILE, renderCountFile(look, summary)],
    ['count.svg', utf8(renderCountPicture(frame(look, 'en', '/'), summary))],
    ['robots.txt', utf8(ROBOTS)],
    ['centres.svg', utf8(renderCentreMap(look.land, centres))],
  ])
  for (const language of languages) {
    const at = (path: string) => frame(look, language, `/${language}/${path}`)
    const add = (path: string, text: string) => pages.set(`${language}/${path}`, utf8(text))
    add('index.html', renderHomePage(at(''), summary, newest.slice(0, NEWEST_ON_HOME)))
    add(
      'declarations/index.html',
      renderListPage(at('declarations/'), newest, newestRange(size), size),
    )
    add('count/index.html', renderCountPage(at('count/'), summary))
    add('centres/index.html', renderCentresPage(at('centres/'), centres))
    add('number/index.html', renderNumberPage(at('number/'), summary))
    add('kept/index.html', renderKeptPage(at('kept/')))
    add('verify/index.html', renderVerifyPage(at('verify/'), summary))
    add('count.svg', renderCountPicture(at('count.svg'), summary))
    add('feed.xml', renderFeed(at('feed.xml'), summary, newest))
  }
  return pages
}

/**
 * Puts pages in place, each file old or new, never half. The plain files go first: a server takes a compressed
 * neighbour only while it is not older. A crash in between leaves old compressed copies until the next rendering.
 */
export async function writePages(
  pages: ReadonlyMap<string, Uint8Array>,
  publicFolder: string,
  scratchFolder: string,
): Promise<void> {
  const files = Array.from(pages, ([path, bytes]) => ({ path: join(publicFolder, path), bytes }))
  await writeDurably(files, scratchFolder)
  const compressed = await Promise.all(files.map(compress))
  await writeDurably(compressed.flat(), scratchFolder)
}

// The best ratio costs ten times the time of this one for two percent of the size.
const BROTLI_QUALITY = 9

async function compress({ path, bytes }: NamedBytes): Promise<NamedBytes[]> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY }
  const [brotli, zipped] = await Promise.all([
    promisify(brotliCompress)(bytes, { params }),
    promisify(gzip)(bytes, { level: 9 }),
  ])
  return [
    { path: `${path}.br`, bytes: brotli },
    { path: `${path}.gz`, bytes: zipped },
  ]
}
