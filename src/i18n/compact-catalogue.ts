import { IntlMessageFormat } from 'intl-messageformat'
import type { CompactMessage, CompactMessages, CompactPiece } from './compact-message.ts'
import { type Language, languageFacts } from './languages.ts'

type Ast = ReturnType<IntlMessageFormat['getAst']>

/** Messages of one language for a browser. Throws TypeError for what pages do not use, as dates or selections. */
export function compactMessages(
  language: Language,
  messages: Readonly<Record<string, string>>,
): CompactMessages {
  const { tag } = languageFacts[language]
  return Object.fromEntries(
    Object.entries(messages).map(([key, text]) => {
      const message = new IntlMessageFormat(text, tag, undefined, { ignoreTag: true })
      return [key, compact(message.getAst())]
    }),
  )
}

function compact(ast: Ast): CompactMessage {
  const pieces = ast.map(compactPiece)
  return pieces.every((piece) => typeof piece === 'string') ? pieces.join('') : pieces
}

function compactPiece(element: Ast[number]): CompactPiece {
  switch (element.type) {
    case 0:
      return element.value
    case 1:
      return { value: element.value }
    case 2:
      if (element.style) break
      return { value: element.value, number: true }
    case 6: {
      if (element.offset !== 0 || element.pluralType !== 'cardinal') break
      const options = Object.entries(element.options).map(([name, { value }]) => [
        name,
        value.map(compactPiece),
      ])
      return { plural: element.value, options: Object.fromEntries(options) }
    }
    case 7:
      return { count: true }
  }
  throw new TypeError('a kind of message that pages with scripts do not write')
}
