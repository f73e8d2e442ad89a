// Words of made-up people that nobody could take for a person's: they say so in every text and every name.

export const SAMPLE_LANGUAGES = ['zh-hans', 'zh-hant', 'en'] as const
export type SampleLanguage = (typeof SAMPLE_LANGUAGES)[number]

const WORDS: Readonly<
  Record<SampleLanguage, { readonly [part in 'text' | 'name' | 'post']: string }>
> = {
  'zh-hans': { text: '示例声明 #。本文纯属虚构。', name: '示例人物', post: '示例职务' },
  'zh-hant': { text: '範例聲明 #。本文純屬虛構。', name: '範例人物', post: '範例職務' },
  en: {
    text: 'Sample declaration #. This text is made up.',
    name: 'Sample Person',
    post: 'sample post',
  },
}

export function sampleText(language: SampleLanguage, number: number): string {
  return WORDS[language].text.replace('#', String(number))
}

export function sampleName(language: SampleLanguage, number: number, place: number): string {
  return `${WORDS[language].name} ${number}-${place}`
}

export function samplePost(language: SampleLanguage, number: number): string {
  return `${WORDS[language].post} ${number}`
}

/** The same choice at every call: a demonstration is the same for everybody. */
export function pick<T>(list: readonly T[], turn: number): T {
  const found = list[turn % list.length]
  if (found === undefined) throw new RangeError('nothing to pick from')
  return found
}
