import assert from 'node:assert/strict'
import { test } from 'node:test'
import { html } from './html.ts'
import { relativeLink } from './links.ts'
import { page } from './page.ts'

const options = {
  registerTitle: { en: 'Sample <register>', 'zh-hans': '登记册', 'zh-hant': '登記冊' },
  assets: { cssPath: '/assets/ab.css', iconPath: '/assets/ab.svg' },
  sample: true,
}

test('every link of a page is relative to the depth of its path', () => {
  const text = page({ language: 'en', path: '/en/count/', title: 'Count', body: '', options })
  const links = [...text.matchAll(/(?:href|src|action)="([^"]*)"/g)].map((match) => match[1])
  assert.deepEqual(links, [
    '../../assets/ab.css',
    '../../assets/ab.svg',
    '#main',
    '../../en/index.html',
    '../../zh-hans/count/index.html',
    '../../zh-hant/count/index.html',
  ])
})

test('text from outside is escaped and Markup is not escaped twice', () => {
  const body = html`<p title="${'"'}">${'<script>'}${html`<b>${'&'}</b>`}</p>`
  const text = page({ language: 'zh-hans', path: '/', title: '<t>', body, options })
  assert.ok(text.includes('<p title="&quot;">&lt;script&gt;<b>&amp;</b></p>'))
  assert.ok(text.includes('<title>&lt;t&gt;</title>'))
  assert.ok(text.includes('<html lang="zh-Hans-CN" dir="ltr">'))
})

test('a sample register says so on every page and another does not', () => {
  const sample = page({ language: 'en', path: '/', title: 'T', body: '', options })
  const real = page({
    language: 'en',
    path: '/',
    title: 'T',
    body: '',
    options: { ...options, sample: false },
  })
  assert.match(sample, /class="sample"/)
  assert.doesNotMatch(real, /class="sample"/)
})

test('a link from the root and a link to a page that is no file', () => {
  assert.equal(relativeLink('/', '/en/declare'), './en/declare')
  assert.equal(relativeLink('/en/declare/names', '/en/'), '../../en/index.html')
})
