import type { ParticularKind, ParticularReason } from './particular.ts'

const SURNAMES =
  '王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何高林罗羅郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹彭曾肖蕭田董袁潘蔡蒋蔣余于杜叶葉程魏苏蘇吕呂丁任卢盧姚沈钟鍾姜崔谭譚陆陸范汪廖石金韦韋贾賈夏付方邹鄒熊白孟秦邱江尹薛闫閻段雷侯龙龍史陶黎贺賀顾顧毛郝龚龔邵万萬覃武钱錢戴严嚴莫孔向常汤湯'
const DOUBLE = '欧阳歐陽司马司馬上官诸葛諸葛东方尉迟尉遲皇甫慕容令狐夏侯'
const TITLES =
  '先生|女士|小姐|太太|同志|书记|書記|局长|局長|所长|所長|队长|隊長|大队长|支队长|主任|科长|科長|处长|處長|厅长|县长|市长|镇长|乡长|村长|校长|校長|院长|院長|厂长|经理|老师|老師|医生|醫生|教授|警官|警察|干警|民警|法官|检察官|律师|律師|连长|团长|营长|政委|指导员|班长|司令|师傅|老板'
const surname = `(?:${pairsOf(DOUBLE)}|[${SURNAMES}])`
const given = '\\p{Script=Han}'

/** A name is a guess from what stands beside it; a surname alone is every third character of ordinary prose. */
const NAMES: readonly { readonly reason: ParticularReason; readonly pattern: RegExp }[] = [
  {
    reason: 'title-beside',
    pattern: new RegExp(`(?<!\\p{Script=Han}的)${surname}${given}{0,2}?(?:${TITLES})`, 'gu'),
  },
  {
    reason: 'title-beside',
    pattern: new RegExp(
      `(?:${TITLES})${surname}${given}{1,2}(?=[，。、；,.;!！?？（(\\s]|$)`,
      'gu',
    ),
  },
  {
    reason: 'named-before',
    pattern: new RegExp(
      `(?:我叫|名叫|叫做|姓名|本名|真名|原名|化名|名字是|名字叫|同事|邻居|鄰居|战友|戰友|同学|同學|妻子|丈夫|儿子|兒子|女儿|女兒|父亲|父親|母亲|母親|哥哥|弟弟|姐姐|妹妹)[:：是叫]?\\s?${surname}${given}{1,2}(?=[，。、；,.;!！?？（(\\s和与及在被把也的]|$)`,
      'gu',
    ),
  },
  {
    reason: 'title-beside',
    pattern:
      /\b(?:Mr|Mrs|Ms|Dr|Prof|Officer|Secretary|Director|Captain|Colonel|Comrade|Judge)\.?\s{1,2}[A-Z][a-z'-]{1,20}(?:\s{1,2}[A-Z][a-z'-]{1,20}){0,2}/gu,
  },
  {
    reason: 'named-before',
    pattern:
      /\b(?:[Mm]y name is|I am called|named|[Mm]y (?:wife|husband|son|daughter|father|mother|brother|sister|colleague|neighbour|neighbor|friend))\s{1,2}[A-Z][a-z'-]{1,20}(?:\s{1,2}[A-Z][a-z'-]{1,20}){0,2}/gu,
  },
]

// A post within a small unit, or a unit by its number, is as good as a name to those who work there.
const UNITS =
  /(?:\d{4,6}\s{0,2}(?:部队|部隊|分队)|[\p{Script=Han}]{2,10}(?:派出所|看守所|拘留所|劳教所|监狱|監獄|检察院|檢察院|法院|公安局|国保大队|國保大隊|街道办|居委会|村委会|党支部|中学|中學|小学|小學|大学|大學|学院|學院|医院|醫院|集团|集團|公司|工厂)(?:的)?(?:第?[一二三四五六七八九十\d]{1,3}(?:科|处|處|室|组|組|班|队|隊|车间|年级|中队|监区))?(?:副?(?:局长|局長|所长|所長|院长|院長|校长|校長|书记|書記|主任|科长|科長|处长|處長|大队长|队长|政委|厂长|监区长|教导员)))/gu

export function findPersons(plain: string) {
  const names = NAMES.flatMap(({ pattern, reason }) => matches(plain, pattern, 'name', reason))
  return [...names, ...matches(plain, UNITS, 'unit', 'narrow-unit')]
}

function matches(plain: string, pattern: RegExp, kind: ParticularKind, reason: ParticularReason) {
  return [...plain.matchAll(pattern)].map(({ index, 0: match }) => ({
    start: index,
    end: index + match.length,
    kind,
    reason,
  }))
}

function pairsOf(characters: string): string {
  return (characters.match(/../gu) ?? []).join('|')
}
