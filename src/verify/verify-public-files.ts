import { type Tally, tallyOf } from '../declaration/tally.ts'
import { VerifyError } from './error.ts'
import { type LoggedFiles, verifyLoggedFiles } from './logged-files.ts'
import {
  type ListFiles,
  listArchivedSizes,
  probeBeyond,
  verifyServedFiles,
} from './served-files.ts'
import type { Trust } from './trust.ts'
import type { VerifiedLogs } from './verified-register.ts'
import { verifyNumbers } from './verify-numbers.ts'
import { verifyTally } from './verify-tally.ts'
import { verifyTranslations } from './verify-translations.ts'

/** What was found true of the files that belong to a pair and lie in neither log. */
export type PublicFiles = {
  readonly tallySha256: string
  readonly logged: LoggedFiles
  readonly numbers: readonly string[]
  readonly translations: number
  readonly ahead: number
}

/**
 * The files that are written anew for every pair, each of the newest pair, or as long as `log/latest` has not named that,
 * of the older one.
 */
export async function verifyPublicFiles(
  newest: VerifiedLogs,
  older: VerifiedLogs | undefined,
  list: ListFiles | undefined,
  trust: Trust,
): Promise<PublicFiles> {
  const either = async <Of>(check: (logs: VerifiedLogs) => Promise<Of>): Promise<Of> => {
    try {
      return await check(newest)
    } catch (finding) {
      if (older === undefined || !(finding instanceof VerifyError)) throw finding
      return check(older)
    }
  }
  const logged = await either(({ history }) => verifyLoggedFiles(history, trust))
  const tallySha256 = await either((logs) => verifyTally(tallyOfLogs(logs), trust))
  const numbers = await either((logs) => verifySite(logs, tallySha256, trust))
  const translations = await either(({ history, hiddenTexts }) =>
    verifyTranslations(history, hiddenTexts, trust),
  )
  const ahead = await verifyNothingElse(newest, list, trust)
  return { tallySha256, logged, numbers, translations, ahead }
}

function verifySite(logs: VerifiedLogs, tallySha256: string, trust: Trust) {
  const { pair, history, forms } = logs
  const languages = new Set([...forms.values()].flatMap(({ definition }) => definition.languages))
  return verifyNumbers(pair, { tally: tallyOfLogs(logs), tallySha256, history }, languages, trust)
}

async function verifyNothingElse(
  { pair, history, forms, content }: VerifiedLogs,
  list: ListFiles | undefined,
  trust: Trust,
): Promise<number> {
  if (list === undefined) return probeBeyond(pair, trust.read)
  const served = {
    pair,
    forms,
    archived: await listArchivedSizes(list),
    isReferencedText: (textId: string) => content.isReferencedText(textId),
    isTranslation: (index: number, language: string) =>
      history.translations.get(index)?.has(language) ?? false,
  }
  return verifyServedFiles(list, served, trust.read)
}

function tallyOfLogs({ pair, base }: VerifiedLogs): Tally {
  return tallyOf(pair.declarations.size, pair.events.size - 1, base.counts)
}
