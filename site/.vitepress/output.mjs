import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { ROOT, copies } from './documents.mjs'

/** Copies the files that pages link to, but that are no pages. */
export function copyFiles(out) {
  for (const [copy, file] of copies) {
    mkdirSync(dirname(join(out, copy)), { recursive: true })
    cpSync(join(ROOT, file), join(out, copy))
  }
}

/** Fails if a link, an anchor or an image of a page does not exist. `later` begins the paths of what is added later. */
export function checkLinks(out, base, later) {
  const pages = new Map(htmlFiles(out).map((file) => [path(out, file), readFileSync(file, 'utf8')]))
  const ids = new Map([...pages].map(([page, html]) => [page, new Set(values(html, /\sid="([^"]*)"/g))]))
  const dead = [...pages].flatMap(([page, html]) =>
    values(html, /\s(?:href|src)="([^"]*)"/g)
      .filter((link) => !isExternal(link))
      .filter((link) => !resolves(new URL(link, `http://site${base}${page}`)))
      .map((link) => `${page}: ${link}`)
  )
  if (dead.length > 0) {
    throw new Error(`dead links:\n  ${[...new Set(dead)].join('\n  ')}`)
  }

  function resolves({ pathname, hash }) {
    if (!pathname.startsWith(base)) {
      return false
    }
    const file = decodeURIComponent(pathname.slice(base.length)).replace(/(^|\/)$/, '$1index.html')
    if (file.startsWith(later)) {
      return true
    }
    return hash ? (ids.get(file)?.has(decodeURIComponent(hash.slice(1))) ?? false) : existsSync(join(out, file))
  }
}

/** Fails if a page of the folder `docs` is in no sidebar. */
export function checkSidebars(pages, sidebars) {
  const listed = Object.values(sidebars).flat().flatMap((group) => group.items.map((item) => item.link))
  const missing = pages
    .filter((page) => page.startsWith('docs/') && !page.endsWith('/README.md'))
    .filter((page) => !listed.includes('/' + page.replace(/\.md$/, '')))
  if (missing.length > 0) {
    throw new Error(`in no list of docs/README.md and docs/internals/README.md: ${missing.join(', ')}`)
  }
}

function htmlFiles(out) {
  return readdirSync(out, { recursive: true })
    .filter((file) => file.endsWith('.html'))
    .map((file) => join(out, file))
}

function path(out, file) {
  return relative(out, file).split(sep).join('/')
}

function values(html, pattern) {
  return [...html.matchAll(pattern)].map((match) => match[1].replaceAll('&amp;', '&'))
}

function isExternal(link) {
  return /^([a-z]+:|\/\/)/i.test(link)
}
