import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeCentreList, parseCentreList } from '../declaration/centre-list.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { ImportError } from './error.ts'
import { CENTRE_COLUMNS, readCentres } from './read-centres.ts'

const HEAD = CENTRE_COLUMNS.join(',')
const row = (changes: Partial<Record<(typeof CENTRE_COLUMNS)[number], string>> = {}) => {
  const usual: Record<string, string> = {
    centre: 'sample-town',
    public: 'yes',
    kind: 'station',
    name_en: 'Sample Station, "North"',
    name_zh_hans: '示例服务点',
    country: 'FR',
    city_en: 'Sample Town',
    latitude: '48.8567',
    longitude: '-2.3',
    time_zone: 'Europe/Paris',
    access: 'step-free seating',
    holidays: '2027-01-01 2026-12-25',
    line_kind: 'telephone',
    line: '+33 1 23 45 67 89',
    line_languages: 'zh-Hans fr',
    line_hours: 'mo-fr 09:00-17:30; fr-mo 22:00-02:00',
    ...changes,
  }
  return CENTRE_COLUMNS.map((column) => `"${(usual[column] ?? '').replaceAll('"', '""')}"`).join(
    ',',
  )
}
const read = (...rows: readonly string[]) =>
  readCentres(utf8(`\ufeff${[HEAD, ...rows].join('\r\n')}\r\n`))

test('a spreadsheet becomes a list that reads back as itself', () => {
  const more = row({ line_kind: 'visit', line: '1 Sample Street', line_hours: '' })
  const { list, kept } = read(row(), more, row({ centre: 'hidden-town', public: 'no' }))
  assert.equal(kept, 1)
  assert.deepEqual(list.centres, [
    {
      id: 'sample-town',
      kind: 'station',
      name: {
        en: 'Sample Station, "North"',
        'zh-hans': '示例服务点',
        'zh-hant': 'Sample Station, "North"',
      },
      country: 'FR',
      city: { en: 'Sample Town', 'zh-hans': 'Sample Town', 'zh-hant': 'Sample Town' },
      latitude: 4886,
      longitude: -230,
      timeZone: 'Europe/Paris',
      access: ['step-free', 'seating'],
      holidays: ['2026-12-25', '2027-01-01'],
      lines: [
        {
          kind: 'telephone',
          address: '+33 1 23 45 67 89',
          languages: ['zh-hans', 'fr'],
          hours: [
            { days: ['mo', 'tu', 'we', 'th', 'fr'], from: '09:00', to: '17:30' },
            { days: ['fr', 'sa', 'su', 'mo'], from: '22:00', to: '02:00' },
          ],
        },
        { kind: 'visit', address: '1 Sample Street', languages: ['zh-hans', 'fr'], hours: [] },
      ],
    },
  ])
  assert.deepEqual(parseCentreList(encodeCentreList(list)), list)
  assert.ok(!fromUtf8(encodeCentreList(list)).includes('hidden'))
})

test('what is not right is refused by its row, and nothing of it is quoted', () => {
  const wrong: readonly (readonly [Parameters<typeof row>[0], RegExp])[] = [
    [{ public: 'maybe' }, /line 3: column public/],
    [{ kind: 'palace' }, /line 3: .*kind/],
    [{ country: 'France' }, /line 3: .*country/],
    [{ latitude: 'north' }, /line 3: latitude/],
    [{ latitude: '91' }, /line 3: .*latitude/],
    [{ time_zone: 'Paris Time' }, /line 3: time_zone/],
    [{ line_hours: 'always' }, /line 3: hours/],
    [{ line_hours: 'mo-xx 09:00-17:00' }, /line 3: hours/],
    [{ line_hours: 'mo 25:00-26:00' }, /line 3: .*from/],
    [{ access: 'lift' }, /line 3: .*access/],
    [{ name_en: '', name_zh_hans: '' }, /line 3: no name/],
    [{ name_en: 'a\u202eb' }, /line 3/],
    [{ line: 'x'.repeat(300) }, /line 3/],
  ]
  for (const [changes, message] of wrong) {
    assert.throws(
      () => read(row({ centre: 'first' }), row(changes)),
      (error) => error instanceof ImportError && message.test(error.message),
      JSON.stringify(changes),
    )
  }
  assert.throws(() => readCentres(utf8(`${HEAD},home_address\n`)), /unknown column/)
  assert.throws(() => readCentres(utf8('centre,public\n')), /missing column/)
  assert.throws(() => readCentres(Uint8Array.of(0xff, 0xfe)), /not UTF-8/)
  assert.throws(() => readCentres(utf8(`${HEAD}\n"never closed`)), /comma-separated/)
  assert.deepEqual(readCentres(utf8(`${HEAD}\n`)).list.centres, [])
})
