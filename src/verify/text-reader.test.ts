import assert from 'node:assert/strict'
import { once } from 'node:events'
import test from 'node:test'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { BUNDLE_WIDTH } from '../declaration/content.ts'
import { utf8 } from '../encoding/bytes.ts'
import { createContentReader } from './content-reader.ts'
import { createTextReader } from './text-reader.ts'

const BUNDLES = 1000
const HEAP_MIB = 24

if (isMainThread) {
  test('texts of many content files are remembered in less memory than the files take', async () => {
    assert.ok(contentFile(0).length * BUNDLES > 2 * HEAP_MIB * 2 ** 20)
    const worker = new Worker(new URL(import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB },
    })
    const [remembered] = await once(worker, 'message')
    assert.equal(remembered, BUNDLES)
  })
} else {
  parentPort?.postMessage(await readManyTexts())
}

/** How many of the texts are still known at the end. */
async function readManyTexts(): Promise<number> {
  const readContent = createContentReader()
  const texts = createTextReader(async () => utf8('own en\nI leave.'))
  for (let bundle = 0; bundle < BUNDLES; bundle++) {
    for (const { body } of readContent(contentFile(bundle), 0)) {
      if (body === null || !('textId' in body) || texts.wasRead(body.textId)) continue
      await texts.readText(body.textId, 'content/000')
    }
  }
  const all = Array.from({ length: BUNDLES }, (_, bundle) => textIdOf(bundle))
  return all.filter((textId) => texts.wasRead(textId)).length
}

function contentFile(bundle: number): Uint8Array {
  const salt = `${'A'.repeat(43)}=`
  const about = `,"about":{"salt":"${salt}","value":"lang en\\nvoice own\\nchannel web\\n"}}\n`
  const body = `"body":{"salt":"${salt}","text":"${textIdOf(bundle)}"}`
  const lines = Array.from(
    { length: BUNDLE_WIDTH },
    (_, index) => `{"index":${index},${body}${about}`,
  )
  return utf8(lines.join(''))
}

function textIdOf(bundle: number): string {
  return String(bundle).padStart(32, '0')
}
