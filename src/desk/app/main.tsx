import { render } from 'preact'
import { App } from './app.tsx'

const root = document.getElementById('app')
if (root !== null) {
  const isInvitation = location.pathname.endsWith('/invitation')
  const fragment = isInvitation ? location.hash : null
  // The link's secret must not stay in the address bar, the history or a screenshot.
  if (fragment !== null) history.replaceState(null, '', location.pathname)
  root.replaceChildren()
  render(<App invitation={fragment} />, root)
}
