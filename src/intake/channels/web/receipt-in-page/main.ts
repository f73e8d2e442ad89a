import { openActRecipient } from '../../../../declaration/publisher-recipient.ts'
import type { Wordlist } from '../../../../declaration/receipt-reading.ts'
import { utf8 } from '../../../../encoding/bytes.ts'
import type { Language } from '../../../../i18n/languages.ts'
import type { ReceiptPageConfig, ReceiptPageData } from './receipt-page-data.ts'
import { ReceiptRun } from './receipt-run.ts'
import { ReceiptScreen } from './receipt-screen.ts'
import { remoteDoor } from './remote-door.ts'

/** Called by the loader once this code and the page's data are there. Throws before it has changed anything. */
export function takeOver(
  config: ReceiptPageConfig,
  data: ReceiptPageData,
  loadData: (language: Language) => Promise<ReceiptPageData>,
): void {
  const { register, recipient } = openActRecipient(utf8(config.recipient), data.logKey)
  if (register !== data.register) throw new TypeError('the act recipient is another register’s')
  // Resolved now: the address of the page may change with the language.
  const door = new URL(config.door, location.href).href
  const words = new URL(config.words, location.href).href
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  const run = new ReceiptRun({
    data,
    door: remoteDoor({ url: door, recipient, random }),
    random,
    clock: () => new Date(),
    path: () => location.pathname,
    loadWordlists: async (): Promise<readonly Wordlist[]> => (await import(words)).wordlists,
  })
  new ReceiptScreen(run, loadData).start()
}
