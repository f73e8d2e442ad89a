export const en = {
  skip: 'Skip to main content',
  languages: 'Language',
  sampleTitle: 'Sample register.',
  sample: 'Everything here is made up for trying the software. Nothing here is a real declaration.',
  pages: 'Pages',
  footer: 'This page uses no cookies, asks nothing of other servers and keeps no record of visits.',
}

export type UiKey = keyof typeof en
