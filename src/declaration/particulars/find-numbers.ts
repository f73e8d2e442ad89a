import { isChineseIdentity, passesLuhn } from './check-digits.ts'
import { type NumberRun, recogniseNumbers } from './number-runs.ts'
import type { ParticularKind, ParticularReason } from './particular.ts'

export type FoundNumber = {
  readonly start: number
  readonly end: number
  readonly kind: ParticularKind
  readonly reason: ParticularReason
}

// What stands before a number says what it is, in the three languages of the form. Close by, and not across a sentence.
const PHONE_WORDS =
  /(?:电话|電話|手机|手機|手提|联系|聯繫|聯絡|致电|致電|拨打|撥打|传真|傳真|座机|座機|热线|專線|(?<![a-z])(?:tel|phone|telephone|mobile|cell|call|fax|whatsapp|viber|signal)(?![a-z]))[^。；;!?！？\d]{0,10}$/i
const CARD_WORDS =
  /(?:卡号|卡號|账号|帳號|帐号|賬號|账户|帳戶|户头|戶頭|银行|銀行|存折|信用卡|工行|建行|农行|农业银行|中行|(?<![a-z])(?:card|account|iban|bank|visa|mastercard)(?![a-z]))[^。；;!?！？\d]{0,14}$/i
const IDENTITY_WORDS =
  /(?:身份证|身份證|证件|證件|证号|證號|护照|護照|警号|警號|学号|學號|工号|工號|编号|編號|军官证|士兵证|居民证|通行证|社保|医保|党员证|(?<![a-z])(?:id|passport|identity|badge|licen[cs]e)(?![a-z]))[^。；;!?！？\d]{0,12}$/i
const CHAT_WORDS =
  /(?:qq|微信|wechat|weixin|扣扣|企鹅|telegram|(?<![a-z])line(?![a-z])|飞信|陌陌|抖音|快手|微博)[^。；;!?！？\d]{0,8}$/i
const COUNTED =
  /^\s?(?:元|美元|美金|港币|港元|人民币|块|圆|萬|万|亿|億|人|名|个|個|件|份|公里|米|吨|平方|页|頁|字|次|票|条|條|年|rmb|yuan|usd|dollars|people|persons|km|%|％)/i
const MONEY_BEFORE = /[￥¥$€£]\s?$|(?:rmb|usd|hk\$)\s?$/i

/** Telephone numbers, identity numbers, cards and accounts in a plain text. */
export function findNumbers(plain: string): FoundNumber[] {
  const found: FoundNumber[] = []
  for (const { run, found: what } of recogniseNumbers(plain, classify)) {
    const sign = /(?:\+|\(\+?|（)\s?$/.exec(run.before)?.[0].length ?? 0
    found.push({
      start: run.start - sign,
      end: run.end + what.tail,
      kind: what.kind,
      reason: what.reason,
    })
  }
  return found
}

type Classified = {
  readonly kind: ParticularKind
  readonly reason: ParticularReason
  /** Units after the last digit that belong to the number. */
  readonly tail: number
}

function classify(run: NumberRun): Classified | undefined {
  return identityOf(run) ?? cardOf(run) ?? phoneOf(run) ?? accountOf(run)
}

function identityOf({ digits, after, before }: NumberRun): Classified | undefined {
  const cross = digits.length === 17 ? (/^[ \-.]?[xX×]/.exec(after)?.[0].length ?? 0) : 0
  const whole = cross > 0 ? `${digits}X` : digits
  if (whole.length === 18 || whole.length === 15) {
    const checked = isChineseIdentity(whole)
    if (checked !== 'no') {
      return { kind: 'identity', reason: checked === 'checked' ? 'checksum' : 'shape', tail: cross }
    }
  }
  if (digits.length >= 5 && IDENTITY_WORDS.test(before)) {
    return { kind: 'identity', reason: 'named-before', tail: cross }
  }
  return undefined
}

function cardOf({ digits, groups, before, after }: NumberRun): Classified | undefined {
  const { length } = digits
  const isNamed = CARD_WORDS.test(before)
  if (length >= 8 && isNamed) return { kind: 'card', reason: 'named-before', tail: 0 }
  if (length < 13 || length > 19 || COUNTED.test(after)) return undefined
  if (length >= 14 && isEven(groups) && passesLuhn(digits)) {
    return { kind: 'card', reason: 'checksum', tail: 0 }
  }
  const isCardLong = length === 16 || length === 19 || length === 17 || length === 18
  return isCardLong && isEven(groups) ? { kind: 'card', reason: 'shape', tail: 0 } : undefined
}

function phoneOf(run: NumberRun): Classified | undefined {
  const { digits, groups, before, after } = run
  const extension = /^\s?(?:转|轉|ext\.?|x|#)\s?\d{1,6}/i.exec(after)?.[0].length ?? 0
  const shape: Classified = { kind: 'phone', reason: 'shape', tail: extension }
  if (MONEY_BEFORE.test(before)) return undefined
  if (/^(?:0{0,2}86)?1[3-9]\d{9}$/.test(digits)) return shape
  if (digits.length >= 7 && digits.length <= 16 && PHONE_WORDS.test(before) && !isDate(run)) {
    return { ...shape, reason: 'named-before' }
  }
  if (/\+\s?\(?$/.test(before) && digits.length >= 8 && digits.length <= 15) return shape
  if (/^00[1-9]\d{7,13}$/.test(digits)) return shape
  if (COUNTED.test(after)) return undefined
  if (/^0(?:10|2\d|[3-9]\d\d)[2-8]\d{6,7}$/.test(digits) && groups.length <= 4) return shape
  if (/^09\d{8}$/.test(digits)) return shape
  if (/^1?[2-9]\d\d[2-9]\d{6}$/.test(digits) && /^(?:1,)?3,3,4$/.test(groups.join())) return shape
  if (/^(?:852|853|886)\d{8,9}$/.test(digits) && groups.length > 1) return shape
  if (/^[2-9]\d{7}$/.test(digits) && groups.join() === '4,4' && !isDate(run)) return shape
  return undefined
}

function accountOf({ digits, before }: NumberRun): Classified | undefined {
  if (digits.length < 5 || !CHAT_WORDS.test(before)) return undefined
  return { kind: 'account', reason: 'named-before', tail: 0 }
}

/** As people divide long numbers: one piece, or pieces of one length with a shorter end. */
function isEven(groups: readonly number[]): boolean {
  const [first = 0] = groups
  if (groups.length === 1) return true
  if (groups.join() === '6,13' || groups.join() === '6,8,4' || groups.join() === '6,4,4,4')
    return true
  const rest = groups.slice(1, -1)
  return rest.every((length) => length === first) && (groups.at(-1) ?? 0) <= first
}

/** 19890604, 1989.06.04, 1989-6-4, and a range of two years. */
function isDate({ digits, groups }: NumberRun): boolean {
  if (/^(?:19|20)\d\d(?:19|20)\d\d$/.test(digits)) return true
  if (/^4,[12],[12]$/.test(groups.join())) return /^(?:19|20)/.test(digits)
  return /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/.test(digits)
}
