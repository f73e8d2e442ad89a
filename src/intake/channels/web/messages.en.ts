export const en = {
  titleError: 'Error: {title}',
  problems: 'There is a problem',
  continue: 'Continue',
  back: 'Back',
  backHome: 'To the register',
  leaveLink: 'Leave this page',
  optional: '{label} (optional)',
  languageLabel: 'Language',
  yes: 'Yes',
  no: 'No',
  notGiven: 'Not given',
  notShown: 'not shown',
  change: 'Change',
  changeWhat: 'Change: {what}',

  whoTitle: 'Form: who',
  whoIntro: 'Before you begin',
  whoHeading: 'Who is this declaration for?',
  whoSelf: 'Yourself',
  whoGroup: 'Yourself and others',
  whoGroupHint: 'Up to 500 people. Each makes their own choices and gets their own receipt.',
  whoAsked: 'Someone who asked you',
  whoAskedHint: 'You will be given the questions to put to them.',
  whoMissing: 'Choose who this declaration is for',
  howSafe:
    'What you type is sealed before it is stored, and only volunteers of the service centre can open it. Without scripts, as now, this happens on our server when it arrives; with scripts it happens in your browser, and our server never sees what you type.',
  howSafePage:
    'What you type is sealed in your browser, before it leaves this page, and only volunteers of the service centre can open it; without scripts it would be sealed on our server instead, when it arrives.',
  howKey:
    'Sealed to the key of the service centre of {month}, which this page has checked. Its fingerprint:',
  howRecord:
    'We keep no address, no device details and no time of day. Your own network and device may keep more than we do.',

  scriptTitle: 'Form: questions to ask',
  scriptHeading: 'Ask the person these questions',
  scriptLead: 'Read them out as they are. Write down each answer; you will need it.',
  scriptLeave: 'Which organisations do you leave? May this be counted in a public number?',
  scriptErase:
    'The entry, its day, the organisations and how it reached us can never be erased. Do you agree?',
  scriptText: 'May the text of the declaration be published?',
  scriptName: 'Do you want a name to be shown? If so, which, real or made up?',
  scriptPosition: 'May your position be shown?',
  scriptOutward: 'May it appear in bulletins? May it be broadcast?',
  scriptQuestion: 'Did the person answer each of these questions?',
  scriptYes: 'Yes, each of them',
  scriptNo: 'No, or not all of them',
  scriptNoHint:
    'The declaration is then marked “passed on by someone else”. It is only counted; neither text nor name is published.',
  scriptMissing: 'Say whether the person answered each question',

  organisationsTitle: 'Form: organisations',
  organisationsHeading: 'Which organisations do you leave?',
  organisationsHeadingAsked: 'Which organisations does the person leave?',
  organisationsUnstated: 'I would rather not say',
  organisationsOr: 'or',
  organisationsMissing: 'Choose at least one organisation, or that you would rather not say',
  organisationsBoth: 'Choose organisations, or that you would rather not say, but not both',

  nameTitle: 'Form: name',
  nameHeading: 'Which name should stand with your declaration?',
  nameHeadingAsked: 'Which name should stand with the person’s declaration?',
  nameHint:
    'Whether the name is shown in public is a question of its own, later. A name that is not shown stays sealed.',
  nameNone: 'No name, only counted',
  nameGenerated: 'A made-up name: {name}',
  nameGeneratedHint: 'Drawn at random. It has nothing to do with your own name.',
  nameAnother: 'Another made-up name',
  nameAlias: 'A pseudonym of your own',
  nameReal: 'The real name',
  nameRealHint: 'Once published, copies that others made cannot be called back.',
  nameField: 'Name',
  nameFieldHint: 'Only for a pseudonym of your own or the real name.',
  nameMissing: 'Choose which name should stand with the declaration',
  nameEmpty: 'Write the name',
  nameLong: 'The name may have at most {max, number} characters',

  othersTitle: 'Form: the others',
  othersHeading: 'Who else takes part?',
  othersHint:
    'Enter only people who know about it and want it. Leave out anyone who has died, who is under age or who was not asked: such entries are not counted.',
  othersPerson: 'Person {number}',
  othersName: 'Name',
  othersNameHint: 'Leave empty for someone who is only counted.',
  othersNameKind: 'Kind of name',
  othersKindAlias: 'Pseudonym',
  othersKindReal: 'Real name',
  othersKindGenerated: 'Make one up',
  othersOrganisations: 'Leaves',
  othersMore: 'More rows',
  othersRowsTooMany: 'More than 20 people? Paste a list instead.',
  othersToPaste: 'Paste a list instead',
  othersToRows: 'Fill in rows instead',
  othersPaste: 'One person a line',
  othersPasteHint:
    'The name, then the numbers of the organisations, for example “{example}”. Up to {max, number} lines. Numbers: {numbers}.',
  othersPasteOrganisations: 'For lines without numbers',
  othersPasteKind: 'The names in the list are',
  othersPasteAlias: 'pseudonyms, or real and made-up names mixed',
  othersPasteReal: 'all real names',
  othersClaimed: 'Number of further people without any particulars',
  othersClaimedHint:
    'A bare number makes no declarations and is not in the count. It is noted apart, as claimed.',
  othersClaimedWrong: 'Write the number of further people in digits, at most {max, number}',
  othersMissing:
    'Enter at least one other person, or go back and choose that the declaration is for yourself',
  othersRowOrganisations: 'Person {number}: choose at least one organisation',
  othersRowName: 'Person {number}: the name may have at most {max, number} characters',
  othersLineName: 'Line {number}: the name is missing or longer than {max, number} characters',
  othersLineOrganisations:
    'Line {number}: write the numbers of the organisations, or choose them for all lines without numbers',
  othersLinesTooMany:
    'The list has {count, number} lines; at most {max, number} fit in one declaration',
  othersPasteLong: 'The list is too long',

  aboutTitle: 'Form: position and region',
  aboutHeading: 'Your field, position and region',
  aboutHeadingAsked: 'The person’s field, position and region',
  aboutHint:
    'All of this is optional, and all of it can make you easier to recognise. Say as little as you like.',
  aboutFew:
    'If fewer than {k, number} published statements share your field and region, we leave the region out, then the position, then the field, unless you choose otherwise later.',
  aboutSector: 'Field',
  aboutStanding: 'Serving or retired',
  aboutPosition: 'Position',
  aboutPositionHint:
    'At most {max, number} characters. A post that only one or a few people hold gives you away. It is shown only if you say so later.',
  aboutRegion: 'Region',
  aboutRegionHint: 'Never finer than this list.',
  aboutNothing: 'Rather not say',
  aboutPositionLong: 'The position may have at most {max, number} characters',

  wordsTitle: 'Form: text',
  wordsHeading: 'The text of the declaration',
  wordsLead: 'The standard text is enough. Your own words are welcome, and riskier.',
  wordsStandard: 'The standard text',
  wordsOwn: 'Your own words',
  wordsOwnAsked: 'The person’s own words',
  wordsField: 'Your own words',
  wordsFieldHint: 'At most {max, number} characters.',
  wordsLeaveOut:
    'Leave out identity and telephone numbers, account names, your address, your employer, a rare post, dates that only fit you, and anyone who could be harmed. The way you write can identify you, too.',
  wordsLanguage: 'Language of your own words',
  wordsOther: 'Another language',
  wordsMissing: 'Choose the standard text or your own words',
  wordsEmpty: 'Write your text, or choose the standard text',
  wordsLong: 'The text has {count, number} characters; at most {max, number} fit',
  wordsFound: 'Your text seems to contain: {kinds}. Change it, or tick that you keep it as it is',
  wordsKeep: 'Keep the text as it is',
  foundIdentity: 'an identity document number',
  foundCard: 'a card number',
  foundPhone: 'a telephone number',
  foundEmail: 'an e-mail address',
  foundAccount: 'an account name',
  foundAddress: 'an address',
  foundEmployer: 'an employer or institution',

  consentsTitle: 'Form: what may be published',
  consentsHeading: 'What may be done with your declaration?',
  consentsHeadingAsked: 'What did the person say yes to?',
  consentsCount: 'Counted: yes. That is what declaring means.',
  consentsHint: 'Each point is a choice of its own. Without a tick it does not happen.',

  othersConsentsTitle: 'Form: what the others said',
  othersConsentsHeading: 'What did the others say?',
  othersConsentsAsked: 'Did each of the others answer each of these points themselves?',
  othersConsentsYes: 'Yes, each of them answered each point',
  othersConsentsNo: 'No, or not all of them',
  othersConsentsNoHint:
    'They are then marked “passed on by someone else” and only counted; the ticks below have no effect.',
  othersConsentsMissing: 'Say whether each of the others answered each point',
  othersConsentsGrid: 'What each of them said yes to',
  othersConsentsAll: 'What all of them said yes to',

  checkTitle: 'Form: check',
  checkHeading: 'Check your answers',
  checkAnswers: 'Your answers',
  checkWho: 'Who',
  checkScript: 'Questions answered',
  checkOrganisations: 'Organisations',
  checkName: 'Name',
  checkOthers: 'Others',
  checkOthersCount:
    '{count, plural, =0 {nobody} one {# person} other {# people}} and {claimed, plural, =0 {no further number} other {a further number of # as claimed}}',
  checkAbout: 'Field, position, region',
  checkWords: 'Text',
  checkConsents: 'Published',
  checkOthersConsents: 'What the others said',
  checkNothingMore: 'nothing, only counted',
  checkPreview: 'This will be public',
  checkPreviewEach: 'One entry for each person:',
  checkDay: 'Day',
  checkDayValue: 'the day of entry in the register, never the hour',
  checkEvidence: 'How it reached us',
  checkEvidenceSelf: 'sent by the person, on the web',
  checkEvidenceConsented: 'each point agreed with the person, on the web',
  checkEvidenceRelayed: 'passed on by someone else, on the web',
  checkKey: 'Receipt made by',
  checkKeyServed: 'our server',
  checkKeyOwn: 'this page, on your device',
  checkKeyHanded: 'another person, who hands it over',
  checkVoice: 'Voice',
  checkLanguage: 'Language',
  checkFold:
    'While fewer than {k, number} published statements share the field and region, the region is left out, then position and standing, then the field.',
  checkFoldFew: 'Field, position and region are shown although few people share them.',
  checkPerson: 'Person',
  checkShownName: 'Name shown',
  checkShownText: 'Text shown',
  checkEraseHeading: 'What can be erased and what cannot',
  checkNever:
    'This can never be erased: the day, the organisations, how your declaration reached us, and that an entry exists. Text and name can be removed from our servers and honest mirrors, not from copies others made.',
  checkSealedHeading: 'What stays sealed',
  checkSealed:
    'Everything else you typed is opened only by the volunteers who check your declaration. What is not published is then sealed again so that only your receipt opens it; without a receipt it is destroyed.',
  checkWhen:
    'Two volunteers read every declaration. After that it waits between {min, number} and {max, number} hours, so that nobody can tell from the day when you wrote; at most {days, number} days.',
  checkWhenSoon: 'Two volunteers read every declaration before it is published.',
  checkClaimed:
    'The further number you gave ({count, number}) is noted apart as claimed. It makes no declarations.',
  checkReceiptHeading: 'Receipt',
  checkReceiptAlone:
    'A receipt of twelve words lets you see what became of your declaration, change it and take it back. It is shown once. Whoever has it can do the same, so decline it if it could be found with you.',
  checkReceiptYes: 'Show me a receipt',
  checkReceiptYesGroup: 'Show a receipt for each person, one after the other',
  checkReceiptNo: 'No receipt',
  send: 'Send the declaration',
  sendFailed:
    'Your declaration is not stored yet: our storage does not answer. Nothing is lost, this page still holds it. Send it again in a moment.',
  sending: 'Sealing and sending. Keep this page open.',
  sendLost:
    'Your declaration has not been confirmed: the connection was lost or our server did not answer. This page still holds everything. Send it again: it is stored only once, even if it did arrive.',
  sendWait:
    'Many people are sending at this moment. Your declaration waits for its turn and then sends itself. Keep this page open.',
  sendRefused:
    'Our server did not accept the declaration. This page still holds everything. Reload to use the form without scripts, or use another way.',
  sendFull:
    'Your declaration is not stored: our storage is nearly full, and we take nothing that we could not keep safe. Nothing is lost, this page still holds it. Try again in an hour, or use another way.',
  waitTitle: 'Please wait a moment',
  waitHeading: 'Many people are sending at this moment',
  waitKept:
    'Nothing is lost: this page holds everything you wrote. It is not stored yet. Keep this page open; closing it gives up what is on it.',
  waitSeconds:
    'Your turn comes in about {seconds, plural, one {# second} other {# seconds}}. Then press “Send the declaration”.',
  waitOver: 'You can send now.',
  waitWork:
    'Your browser is working on a small sum so that you need not wait. This page sends itself when it is done.',
  waitAnswers: 'Back to my answers',

  receiptTitle: 'Form: receipt',
  receiptHeading: 'Your declaration has arrived',
  receiptHeadingGive: 'Give this to: {name}',
  receiptOf: 'Receipt {number} of {count, number}',
  receiptStored: 'It is stored and sealed. Volunteers will read it.',
  receiptSecret:
    'These twelve words are shown only now. They are a key: whoever has them can do with the declaration what you can. The numbers say the same as the words; either is enough.',
  receiptWords: 'Your receipt',
  receiptWordsOf: 'Receipt of {name}',
  receiptKeep:
    'Write them down on paper or learn them by heart. A printer may keep what it prints, a photograph may be copied to a cloud, and a note on your device can be found.',
  receiptGive: 'Show this only to the person it belongs to. Let them write it down, then go on.',
  receiptNext: 'Written down: next receipt',
  receiptDone: 'Written down: leave this page',
  receiptDeclined: 'As you asked, there is no receipt.',
  receiptLater:
    'With the receipt you can see at any time what became of the declaration, change it or take it back:',
  receiptLaterLink: 'Use a receipt',
  receiptUnnamed: 'person {number}',
  receiptFirst: 'you',
  receiptFirstAsked: 'the person who asked you',

  leaveTitle: 'Form: leave',
  leaveHeading: 'Before you leave',
  leaveDone: 'This page holds nothing of what you typed.',
  leaveClose: 'Close this tab or window; the Back button of the browser may show earlier pages.',
  leaveHistory:
    'Your browser’s history still shows that you were here. We cannot remove that; you can, in the history settings of your browser. A private window forgets it when it is closed.',
  leaveNetwork:
    'Your network and device may have noted that this address was visited, though not what you wrote.',
  leaveBlank: 'Go to an empty page',

  againTitle: 'Form: start again',
  againHeading: 'Please start again',
  againWhy:
    'For your safety, what you type is kept in the page and sealed with a key that lives only for a while. That key is gone: the page stood open for more than an hour or two, or the service was restarted.',
  againStored: 'Nothing that you had not yet sent was stored.',
  againKept: 'Below is what you had typed on the last page, so that you can copy it.',
  againField: 'What you typed',
  againStart: 'Start again',
  againSent:
    'If you had already pressed “Send the declaration” and seen a receipt, it is stored and you need do nothing.',

  problemTitle: 'Form: not accepted',
  problemTooLarge: 'That was too much at once',
  problemTooLargeHelp:
    'The page takes at most {size} of text in one step. Use the Back button of your browser: what you typed is still there. Shorten the text or the list and send it again. Nothing was stored.',
  problemForm: 'This page could not be read',
  problemFormHelp:
    'What arrived was not what our form sends. Use the Back button of your browser and try again, or start again. Nothing was stored.',

  howSafePartner:
    'What you type is sealed in your browser, before it leaves this page, and only volunteers of the service centre can open it; the site you are on and its owner cannot.',
  howSafeOffline:
    'What you type is sealed in this page, and only volunteers of the service centre can open it. This page has no connection and sends nothing: at the end it gives you the sealed text, and you or someone else carries it to us.',
  offlineSeal: 'Seal the declaration',
  offlineDone: 'Your declaration is sealed',
  offlineCarry:
    'It has not been sent. Carry one of the following to us, or let someone else do it: nobody on the way can read it.',
  offlineWhere: 'Paste or upload it here, from any device:',
  offlineText: 'As text',
  offlineFile: 'Save it as a file',
  offlineCodes: 'As a series of codes',
  offlineCodesHint: 'Whoever reads them needs all of them, in any order.',
  offlineCode: 'Code {number} of {count}',
  offlineHash: 'Its hash, to recognise it by:',
  offlineScripts:
    'This page works by itself and without a network, but it needs scripts. Allow them for this page, or use the form on our site.',
  partnerScripts:
    'This page needs scripts to seal what you type. Without scripts, use the form on the site of the register:',
  offlineGet: 'A form to take along',
  offlineGetMore:
    'One file that seals a declaration without any network: save it, open it on any device, even one that is never connected, and carry the sealed text here.',
  offlineGetLink: 'Save the offline form',
  offlineGetHash: 'SHA-256 of the file, which is also in the event log:',
  offlineGetNote: 'Its hash, signed by the log',

  sealedTitle: 'Hand in a sealed declaration',
  sealedHeading: 'Hand in a sealed declaration',
  sealedLead:
    'For a declaration that was sealed elsewhere: with our offline form, or by hand with age. We cannot open it here; only volunteers of the service centre can.',
  sealedText: 'The sealed text, or the texts of its codes',
  sealedTextHint:
    'From the line “avow/sealed-submission/v1” to the line “END AGE ENCRYPTED FILE”. More around it does no harm. The texts of codes may stand in any order.',
  sealedFile: 'Or the file',
  sealedSend: 'Hand it in',
  sealedMissing: 'Paste the sealed text, or choose the file',
  sealedNot: 'There is nothing sealed in it. If this was an unsealed text, nothing of it was kept.',
  sealedCodesMissing:
    'Some of the codes are missing. Read the others too and paste them all together',
  sealedLarge: 'That is larger than any sealed declaration',
  sealedFailed: 'It is not stored yet: our storage does not answer. Try again in a moment',
  sealedBusy:
    'Many people are sending at this moment. Wait {seconds, plural, one {# second} other {# seconds}}, then hand it in again',
  sealedTaken: 'It has arrived',
  sealedTakenMore:
    'It is stored as it came. Volunteers will open it. Handing it in twice does no harm.',
  sealedTakenReceipt: 'The receipt that was shown when it was sealed answers from now on:',
  sealedId: 'Its hash, as the offline form shows it:',

  statusTitle: 'Receipt',
  statusHeading: 'What became of a declaration, and what can be done?',
  statusHint:
    'Twelve words in any language, or twelve groups of four digits. Spaces, commas and capital letters do not matter.',
  statusAsk: 'Show what became of it',
  statusEmpty: 'Write the receipt',
  statusWordCount: 'A receipt has twelve words or twelve groups of four digits',
  statusUnknownWord: 'Word {position} is in none of the lists',
  statusNearest: 'Word {position} is in none of the lists. Close to it: {words}',
  statusChecksum:
    'Each word is right, but together they make no receipt: one of them is another word of the list, or two changed places',
  statusDigits: 'A receipt in digits has twelve groups of four, each between 0001 and 2048',
  statusDigitsAt: 'Group {position} is not between 0001 and 2048',
  statusAnswer: 'What became of it',
  statusReason: 'Reason',
  statusUnknown: 'There is nothing under this receipt.',
  statusUnknownMore:
    'Either it was never sent, or it was forgotten on request. If you saw it after sending, try again later.',
  statusNothingToDo: 'You need do nothing.',
  statusWaiting: 'It has arrived and waits to be read.',
  statusTaken: 'A volunteer is reading it.',
  statusProposed: 'One volunteer has read it; a second one decides.',
  statusReturned: 'The second volunteer asked the first to look again.',
  statusApproved: 'It is accepted and waits for its day of publication.',
  statusApprovedMore:
    'The wait is on purpose: it keeps the day in the register apart from the day you wrote.',
  statusPublished: 'It is entered in the register as number {index}.',
  statusPublishedMore: 'See the entry:',
  statusRejected: 'It was not entered.',
  statusRejectedMore: 'You may send a new one at any time.',
  statusWithdrawn: 'It was withdrawn before it was published.',
  statusWithdrawnMore: 'Nothing of it was entered.',
  statusWithdrawnLater: 'It is entered in the register as number {index}, and withdrawn.',
  statusForgotten: 'This receipt was forgotten.',
  statusForgottenMore: 'Nothing is kept under it any more, and it can do nothing any more.',
  statusAnother: 'Another receipt',
  statusEntry: 'Entry {index}',
  statusOnly:
    'This page does not show the text of a declaration. It answers every receipt in the same way and keeps no record of the question.',
}

export type WebKey = keyof typeof en
