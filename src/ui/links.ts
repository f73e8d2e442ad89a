/**
 * Links between our pages are relative, so that an onion, a bucket and a folder on a stick serve the
 * same bytes. A path that ends in a slash is a file of the public folder and gets its name, because a
 * browser that reads a folder knows no index page.
 */
export function relativeLink(from: string, to: string): string {
  const target = to.endsWith('/') ? `${to}index.html` : to
  return rootOf(from) + target.slice(1)
}

/** The way from a page's path to the root: `../../` for `/en/count/`. */
export function rootOf(path: string): string {
  const depth = path.split('/').length - 2
  return depth <= 0 ? './' : '../'.repeat(depth)
}
