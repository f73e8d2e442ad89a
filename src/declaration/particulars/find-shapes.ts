import type { ParticularKind, ParticularReason } from './particular.ts'

type Shape = {
  readonly kind: ParticularKind
  readonly reason: ParticularReason
  readonly pattern: RegExp
}

// Every repetition is bounded: the text is a stranger's, and a pattern that looks back for long would hold a browser up.
const SHAPES: readonly Shape[] = [
  {
    kind: 'email',
    reason: 'shape',
    pattern:
      /[a-z0-9._%+-]{1,64}\s{0,2}(?:@|\(at\)|\[at\]| at )\s{0,2}[a-z0-9-]{1,63}(?:(?:\.| dot |\(dot\))[a-z0-9-]{2,63}){1,4}/gi,
  },
  {
    kind: 'account',
    reason: 'named-before',
    pattern:
      /(?:qq|微信号?|wechat|weixin|telegram|whatsapp|line|signal|skype|微博|抖音|推特|twitter|facebook|instagram|tiktok)\s{0,2}(?:号|號|id|帐号|账号|帳號)?\s{0,2}[:：是为@]{0,2}\s{0,2}[a-z][a-z0-9_.-]{4,31}/gi,
  },
  { kind: 'account', reason: 'shape', pattern: /(?<![\w.])@[a-z][a-z0-9_]{3,30}/gi },
  {
    kind: 'identity',
    reason: 'checksum',
    pattern: /(?<![a-z0-9])[a-z]{1,2}\d{6}\s?\(?[\da]\)?(?![a-z0-9])/gi,
  },
  { kind: 'identity', reason: 'shape', pattern: /(?<![a-z0-9])[a-z][12]\d{8}(?![a-z0-9])/gi },
  {
    kind: 'identity',
    reason: 'shape',
    pattern: /(?<![a-z0-9])(?:[egdsph]\d{8}|e[a-hj-np-z]\d{7}|[hm]\d{10})(?![a-z0-9])/gi,
  },
  {
    kind: 'identity',
    reason: 'named-before',
    pattern:
      /(?:身份证|身份證|证件|證件|护照|護照|警号|警號|学号|學號|工号|工號|passport|identity card|badge)\s{0,2}(?:号码?|號碼?|no\.?|number)?\s{0,2}[:：是为#]{0,2}\s{0,2}[a-z0-9]{0,4}\d[a-z0-9-]{3,20}/gi,
  },
  {
    kind: 'identity',
    reason: 'shape',
    pattern: /[军武士警文政後后][字]第?\s{0,2}\d{5,10}\s{0,2}号?/g,
  },
  {
    kind: 'card',
    reason: 'shape',
    pattern: /(?<![a-z0-9])[a-z]{2}\d{2}(?:\s?[a-z0-9]{4}){3,7}(?:\s?[a-z0-9]{1,3})?(?![a-z0-9])/gi,
  },
  {
    kind: 'plate',
    reason: 'shape',
    pattern:
      /(?:WJ\s?)?[京津沪滬渝冀豫云雲辽遼黑湘皖鲁魯新苏蘇浙赣贛鄂桂甘晋晉蒙陕陝吉闽閩贵貴粤粵青藏川宁寧琼瓊使领]\s?[A-HJ-NP-Z]\s?[·•.-]?\s?(?=[A-HJ-NP-Z0-9]{0,5}\d)[A-HJ-NP-Z0-9]{4,6}[挂学警港澳]?(?![A-Z0-9])/gi,
  },
  {
    kind: 'plate',
    reason: 'shape',
    pattern: /(?<![A-Z])WJ\s?[\d京-龥]{1,3}\s?[A-Z]?\d{4,5}[A-Z]?/gi,
  },
  {
    kind: 'birth',
    reason: 'named-before',
    pattern:
      /(?:生于|生於|出生于|出生於|出生日期|生日|born(?: on)?)\s{0,2}[:：是为]?\s{0,2}(?:公历|农历|農曆|阴历)?\s{0,2}(?:19|20)\d\d\s{0,2}[年./-]\s{0,2}\d{1,2}\s{0,2}[月./-]\s{0,2}\d{1,2}\s{0,2}[日号]?/gi,
  },
  {
    kind: 'address',
    reason: 'place-words',
    pattern:
      /[\p{Script=Han}\d]{0,16}(?:路|街|巷|弄|胡同|大道|里|村|组|屯|小区|小區|花园|花園|苑|新村|公寓|家属院|大院)[\p{Script=Han}\d]{0,6}\d{1,5}\s{0,2}(?:号楼?|號樓?|弄|栋|棟|幢|座|组)(?:\s{0,2}[\dA-Za-z-]{1,5}\s{0,2}(?:号楼?|號樓?|单元|單元|栋|棟|幢|座|楼|樓|层|層|室|号|號|户)){0,4}(?:\s{0,2}\d{2,5}室?)?/gu,
  },
  {
    kind: 'address',
    reason: 'place-words',
    pattern:
      /\d{1,5}\s{0,2}(?:栋|棟|幢|号楼|號樓)\s{0,2}[\dA-Za-z]{1,4}\s{0,2}(?:单元|單元)\s{0,2}\d{1,5}\s{0,2}(?:室|号|號|户)?/gu,
  },
  {
    kind: 'address',
    reason: 'place-words',
    pattern:
      /\d{1,6}\s{1,3}(?:[A-Z][\p{L}'.]{1,30}\s{1,3}){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd)\b\.?(?:,?\s{0,2}(?:Apt|Unit|#)\.?\s{0,2}[\dA-Z]{1,6})?/gu,
  },
]

/** What a pattern alone finds: addresses, accounts, plates, document numbers with letters. */
export function findShapes(plain: string) {
  return SHAPES.flatMap(({ kind, reason, pattern }) =>
    [...plain.matchAll(pattern)].map(({ index, 0: match }) => ({
      start: index,
      end: index + match.trimEnd().length,
      kind,
      reason,
    })),
  )
}
