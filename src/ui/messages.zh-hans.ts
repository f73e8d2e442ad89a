import type { UiKey } from './messages.en.ts'

export const zhHans: Readonly<Record<UiKey, string>> = {
  skip: '跳到正文',
  languages: '语言',
  sampleTitle: '示例登记册。',
  sample: '这里的一切内容都是为试用软件而编造的，没有任何真实声明。',
  pages: '页面',
  footer: '本页不使用 Cookie，不向其他服务器请求任何内容，也不保留访问记录。',
}
