export const en = {
  offersHeading: 'What this receipt can do',
  offersNote:
    'Each opens a page that says what happens. Nothing is done before you have read it and pressed its button.',
  pendingNote:
    '{count, plural, one {One change that you asked for waits to be published.} other {# changes that you asked for wait to be published.}} This page shows the state before; the rest can be asked for when they are published.',
  refusedStands:
    'The last change asked for with this receipt was not carried out: it no longer fitted how the declaration stands, or another receipt had taken the place of this one. Nothing was changed by it; look below and ask again if it is still wanted.',
  refusedUnread:
    'The last change asked for with this receipt was not carried out: the message did not read as a change of this declaration. Nothing was changed by it; please ask again.',
  rekeyWaits:
    'Other changes of this declaration are waiting. If one of them changes the receipt, it takes the place of this one, and what you ask for now will not be carried out: wait until it is published and use the new receipt.',
  back: 'Back to the receipt',
  titleAct: 'Receipt: {act}',
  titleDone: 'Receipt: done',
  cancel: 'Do nothing and go back',

  whenHeading: 'When?',
  whenBatch: 'With the other changes of the day: nobody can tell when you asked',
  whenBatchHint:
    'It takes {days, plural, one {# day} other {# days}} at most, for a withdrawal {hours} hours.',
  whenBatchSoon: 'This register carries changes out within minutes.',
  whenNow: 'Now: whoever watches the site can see when',
  willBe:
    'Who reads the register sees the day on which it is published, not the hour at which you asked. This is done with the other changes, after {days, plural, one {# day} other {# days}} at most.',
  willBeSoon: 'This register carries changes out within minutes; who reads it sees the day.',
  never:
    'This can never be erased: the day of the entry, the organisations first named, how it reached us, and that an entry exists. Each change is an entry of its own, with its day.',
  copies: 'Copies that others made of what was public cannot be called back.',

  'confirm-label': 'Confirm the declaration',
  'confirm-hint': 'You say with your receipt that it is yours.',
  'confirm-what':
    'The register will say that the holder of the receipt confirmed this declaration. Nothing else changes; no name and no text becomes public by it.',
  'confirm-do': 'Confirm',
  'organisations-label': 'Correct the organisations',
  'organisations-hint': 'You left others than those entered, or more, or fewer.',
  'organisations-what':
    'The register will count the declaration with the organisations below. Those first named stay readable in the first entry.',
  'organisations-do': 'Correct',
  organisationsNow: 'Entered now: {organisations}',
  organisationsNew: 'From then on: {organisations}',
  organisationsSame: 'These are the organisations that are entered already',
  'alias-label': 'Replace the name by a made-up one',
  'alias-hint': 'By a name that nobody chose and that says nothing of you.',
  'alias-what':
    'The name that is entered is replaced by this one. Where the old name was public, the new one is public in its place.',
  'alias-do': 'Replace the name',
  aliasNew: 'The new name: {alias}',
  'remove-name-label': 'Remove the name',
  'remove-name-hint': 'The declaration stays, without a name.',
  'remove-name-what':
    'The name is erased, also where it is kept for you; the declaration stays counted. It cannot be brought back.',
  'remove-name-do': 'Remove the name',
  'publish-text-label': 'Publish the text',
  'publish-text-hint': 'Your words become public exactly as they were entered.',
  'publish-text-what':
    'This text becomes public, to everybody. You can take it down later from this site and from honest mirrors.',
  'publish-text-do': 'Publish the text',
  'publish-name-label': 'Publish the name',
  'publish-name-hint': 'The name becomes public exactly as it was entered.',
  'publish-name-what':
    'This name becomes public, to everybody. You can take it down later from this site and from honest mirrors.',
  'publish-name-do': 'Publish the name',
  'take-down-text-label': 'Take the text down',
  'take-down-text-hint': 'The declaration stays, without its text.',
  'take-down-text-what':
    'The text is erased from this site and from honest mirrors; the declaration stays counted. The register keeps a mathematical fingerprint from which nobody can read the text.',
  'take-down-text-do': 'Take the text down',
  'take-down-name-label': 'Take the name down',
  'take-down-name-hint': 'The declaration stays, without a public name.',
  'take-down-name-what':
    'The name is erased from this site and from honest mirrors; the declaration stays counted. The register keeps a mathematical fingerprint from which nobody can read the name.',
  'take-down-name-do': 'Take the name down',
  'take-down-all-label': 'Take text and name down',
  'take-down-all-hint': 'The declaration stays, without text and without a public name.',
  'take-down-all-what':
    'Because another change still waits, text and name can only be taken down together. What of them is public then is erased from this site and from honest mirrors; the declaration stays counted.',
  'take-down-all-do': 'Take both down',
  'withdraw-label': 'Withdraw the declaration',
  'withdraw-hint': 'It no longer counts; text and name are erased.',
  'withdraw-what':
    'The declaration is taken out of the number of those that stand. Text and name are erased from this site and from honest mirrors, and so is what is kept of them for you. The entry stays and says that it was withdrawn. With this receipt you can restore the count later; text and name do not come back.',
  'withdraw-do': 'Withdraw',
  'restore-label': 'Restore the declaration',
  'restore-hint': 'It counts again.',
  'restore-what':
    'The declaration counts again among those that stand. Text and name that were erased do not come back.',
  'restore-do': 'Restore',
  'rekey-label': 'Change the receipt',
  'rekey-hint': 'You get a new receipt; the old one stops working.',
  'rekey-what':
    'A new receipt takes the place of the old one. Do this when somebody else may have seen or kept it. From the moment the change is published the old receipt does nothing any more; until then the new one is not known yet.',
  'rekey-do': 'Change the receipt',
  rekeyShown:
    'These twelve words are shown only now. They are a key, as the old ones were: whoever has them can do with the declaration what you can. The numbers say the same as the words.',
  rekeyWritten: 'Written down: go on',
  rekeyAsk: 'Type two words of the new receipt',
  rekeyAskHint: 'This shows that you have them. The number of the word works as well.',
  rekeyWord: 'Word {position}',
  rekeyWrong: 'Word {position} is another one',
  rekeyAgain: 'Show the new receipt again',
  'withdraw-unpublished-label': 'Withdraw it before it is published',
  'withdraw-unpublished-hint': 'It is deleted; nothing of it is entered.',
  'withdraw-unpublished-what':
    'The declaration is deleted and nothing of it is ever published. Where several persons are in one statement, only yours is taken out; the others go on without it. This cannot be undone, but you may send a new one at any time.',
  'withdraw-unpublished-do': 'Delete it',
  'prove-label': 'Prove that it is yours',
  'prove-hint': 'To one person who asks, and to nobody else.',
  'prove-what':
    'Somebody who doubts gives you a question that nobody has used before. Your receipt signs it. With the answer they can check that you hold the key of this declaration. Give the answer to that person only.',
  'prove-do': 'Make the answer',
  'open-name-label': 'Show the name to one person',
  'open-name-hint': 'They learn the name that is entered; the public does not.',
  'open-name-what':
    'The answer to the question of one person, together with the name that is entered. Whoever has the answer can show the name to others: give it only to somebody you trust.',
  'open-name-do': 'Make the answer with the name',
  challengeVerifier: 'Who asks?',
  challengeVerifierHint: 'The name as the question gives it: Latin letters, digits and signs.',
  challengeNonce: 'The code of the question',
  challengeNonceHint: '32 to 128 of the characters 0–9 and a–f, made by who asks.',
  challengeVerifierWrong: 'Write who asks, on one line, in Latin letters',
  challengeNonceWrong: 'The code has 32 to 128 of the characters 0–9 and a–f',
  'keep-label': 'Save what is kept for you',
  'keep-hint': 'A sealed file for the day on which this site is gone.',
  'keep-what':
    'This file holds what is not public of your declaration, and what is needed to sign. It is sealed: only your receipt opens it, and it does not hold the receipt. With both, the command “avow act” signs each of these changes without this site.',
  'keep-do': 'Show the file',
  keepWarn:
    'Whoever finds the file on your device learns that you hold a declaration, not which one.',
  'forget-label': 'Forget me',
  'forget-hint': 'What is kept for this receipt is deleted; the receipt stops working.',
  'forget-what':
    'The service deletes what it keeps for this receipt and what ties the receipt to the declaration. Nobody, you included, can then withdraw, correct or prove anything with it. What is public stays as it is: withdraw or take down first if that is what you want. This cannot be undone.',
  'forget-do': 'Forget me',

  doneHeading: 'It has been taken',
  doneOnce: 'Pressing the button twice does the same as once.',
  doneNext: 'The register shows it when it is published. This receipt shows how it stands.',
  doneRekey:
    'The new receipt works from the moment the change is published. Until then, ask again with it later.',
  doneForget: 'It is forgotten',
  doneForgetMore: 'Nothing is kept under this receipt any more, and it does nothing any more.',
  doneDeleted: 'It is withdrawn',
  doneDeletedMore: 'Nothing of the declaration is published.',
  tooLate: 'It is in the register already',
  tooLateMore:
    'The declaration was published in the meantime. With the receipt you can now withdraw it there.',
  endedHeading: 'It was decided already',
  endedMore:
    'The declaration was not entered in the register, and there is nothing left to withdraw.',
  fullHeading: 'Too many changes are waiting',
  fullMore:
    'As many changes of this declaration as may wait do wait. Ask again when some of them are published.',
  overtakenHeading: 'Something else came first',
  overtakenMore:
    'Another change was made with this receipt after this page was opened. Look at the receipt again and repeat what is still wanted.',
  impossibleHeading: 'This cannot be done now',
  impossible: 'Under this receipt it is not possible as the declaration now stands.',
  notKept:
    'The service does not keep that text or name for this receipt, so it cannot be opened. Whoever has the words themselves can send a new declaration.',
  rekeyFirst:
    'Somebody else made this receipt and handed it to you. First change the receipt: then the confirmation counts as yours.',
  failedHeading: 'It could not be stored',
  failedMore: 'Nothing was changed. Please try again in a few minutes.',
  lostHeading: 'No answer came',
  lostMore:
    'The connection was lost, and this page cannot tell whether it arrived. Look at the receipt again in a few minutes; if nothing has changed there, ask once more.',

  messageHeading: 'The same as a message',
  messageWhat:
    'Your receipt signed this. It was already handed in here. If this site is ever gone, the same text can be sent to the register by any way that takes messages, and it does the same; it does nothing twice.',
  messageSave: 'Save as a file',
  answerHeading: 'The answer',
  answerWhat: 'Give this to who asked, and to nobody else. It is valid for the day it names.',
  fileHeading: 'The file',
  fileCopy: 'Or copy the text:',

  sendTitle: 'Receipt: signed message',
  sendHeading: 'Hand in a signed message',
  sendHint:
    'The block from “-----BEGIN AVOW ACT-----” to “-----END AVOW ACT-----”, as a page or the command “avow act” gave it. It may stand among other text.',
  sendFile: 'Or the file that holds it',
  sendDo: 'Hand in',
  sendNone: 'There is no whole signed message in this text',
  sendLink: 'Hand in a signed message',
  sendDone:
    '{count, plural, one {The message has been taken.} other {The # messages have been taken.}} What it asks for is done if its receipt is known here; this page does not say whether it is.',
}

export type ActKey = keyof typeof en
