import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { WebForm } from '../support/web-form.ts'
import { runHttpScript } from './run-http-script.ts'

test('the form answers as its script says', async (t) => {
  const form = await new WebForm().open()
  const script = await readFile(join(import.meta.dirname, 'intake.txt'), 'utf8')
  await runHttpScript(t, script, (request) => form.channel.routes.fetch(request))
})
