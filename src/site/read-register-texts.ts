import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseRegisterTexts, type RegisterTexts } from '../declaration/register-texts.ts'
import type { Language } from '../i18n/languages.ts'

export type TextsByLanguage = Readonly<Record<Language, RegisterTexts>>

/** What a register says of itself, from `texts.<language>.json` in its folder. */
export async function readRegisterTexts(registerFolder: string): Promise<TextsByLanguage> {
  const read = async (language: Language) =>
    parseRegisterTexts(await readFile(join(registerFolder, `texts.${language}.json`), 'utf8'))
  const [en, zhHans, zhHant] = await Promise.all([read('en'), read('zh-hans'), read('zh-hant')])
  return { en, 'zh-hans': zhHans, 'zh-hant': zhHant }
}
