const WARNING_KINDS = [
  'identity',
  'card',
  'phone',
  'email',
  'account',
  'address',
  'employer',
] as const
export type WarningKind = (typeof WARNING_KINDS)[number]

// Hints for the writer, not a filter: what is found is asked about, and the person decides. Every repetition that can
// begin inside a longer one like it is bounded, since a text of digits alone would take minutes otherwise.
const patterns: Readonly<Record<WarningKind, readonly RegExp[]>> = {
  identity: [
    /(?<!\d)\d{17}[\dx](?![\dx])/i,
    /(?<!\d)\d{15}(?!\d)/,
    /(?<![a-z])[a-z]{1,2}\d{7,9}(?!\d)/i,
  ],
  card: [/(?<!\d)\d{16}(?!\d)/, /(?<!\d)\d{19}(?!\d)/],
  phone: [/(?<!\d)1[3-9]\d{9}(?!\d)/, /(?<!\d)0\d{2,3}\d{7,8}(?!\d)/, /\+\d{8,15}/],
  email: [/[^\s@]{1,64}@[^\s@]{1,255}\.[a-z]{2,}/i],
  account: [/(?:qq|微信|wechat|weixin|telegram|whatsapp|line)[\s:：是id號号]{0,6}[a-z0-9_-]{5,}/i],
  address: [
    /\d{1,6}\s{0,6}(?:号楼|號樓|单元|單元|室|栋|棟|幢)/,
    /(?:路|街|巷|弄|胡同)\s{0,6}\d{1,6}\s{0,6}(?:号|號)/,
    /\d{1,6}\s{1,6}\p{L}{1,40}(?:\s{1,6}\p{L}{1,40})?\s{1,6}(?:street|road|avenue|st\.|rd\.|ave\.)/iu,
  ],
  employer: [
    /(?:公司|集团|集團|银行|銀行|医院|醫院|大学|大學|中学|中學|小学|小學|学院|學院|派出所|法院|检察院|檢察院|管委会|居委会)/,
    /\d{5}\s*(?:部队|部隊)/,
    /\b(?:university|hospital|company|ltd|inc|court)\b/i,
  ],
}

/** The kinds of particulars that a text seems to hold. Full-width digits and spaced numbers are read as numbers. */
export function findTextWarnings(text: string): readonly WarningKind[] {
  const plain = text.normalize('NFKC')
  const joined = plain.replaceAll(/(?<=\d)[ \-.·](?=\d)/g, '')
  return WARNING_KINDS.filter((kind) =>
    patterns[kind].some((pattern) => pattern.test(plain) || pattern.test(joined)),
  )
}
