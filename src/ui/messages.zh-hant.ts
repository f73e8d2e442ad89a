import type { UiKey } from './messages.en.ts'

export const zhHant: Readonly<Record<UiKey, string>> = {
  skip: '跳到正文',
  languages: '語言',
  sampleTitle: '範例登記冊。',
  sample: '這裡的一切內容都是為試用軟體而編造的，沒有任何真實聲明。',
  pages: '頁面',
  footer: '本頁不使用 Cookie，不向其他伺服器請求任何內容，也不保留瀏覽紀錄。',
}
