import { readFileSync, statSync } from 'node:fs'
import { dirname, posix, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's root. Paths of documents are relative to it, with slashes. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** Folders whose documents are not part of the site. */
export const EXCLUDED = ['src', 'target', 'site']

const LOGO = 'examples/gateway/src/main/resources/console/icon.svg'

/** Files that the build copies to the site, by their path there. */
export const copies = new Map([['logo.svg', LOGO]])

/** Returns the title of the README and its first paragraph. */
export function introduction() {
  const match = /^# (.+)\n\n([^]+?)\n\n/.exec(read('README.md'))
  if (!match) {
    throw new Error('README.md: no introduction (expected: a title, an empty line, a paragraph)')
  }
  return { title: match[1], text: match[2].replaceAll('\n', ' ') }
}

/** Returns the groups of a sidebar, one for each heading of a map that has a list of links. */
export function sidebar(map) {
  const groups = read(map)
    .split(/^#{1,2} /m)
    .map((section) => ({ text: section.split('\n', 1)[0], items: items(map, section) }))
    .filter((group) => group.items.length > 0)
  if (groups.length === 0) {
    throw new Error(`${map}: no links (expected: headings, each with a list of links)`)
  }
  return groups.map((group, index) => ({ ...group, collapsed: index > 0 }))
}

/** Makes links work on the site that work in the repository. */
export function repositoryLinks(md) {
  const open = md.renderer.rules.link_open
  md.renderer.rules.link_open = (tokens, index, options, env, self) => {
    const token = tokens[index]
    token.attrSet('href', onSite(token.attrGet('href'), documentOf(env)))
    return open(tokens, index, options, env, self)
  }
}

/** Leaves out of the README's text what the top of the home page shows. */
export function withoutIntroduction(md) {
  md.core.ruler.push('without_introduction', (state) => {
    if (documentOf(state.env) === 'README.md') {
      const end = state.tokens.findIndex((token) => token.type === 'paragraph_close')
      state.tokens.splice(0, end + 1)
    }
  })
}

/** Returns the anchor of a heading, as hosts of repositories make it. */
export function anchor(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-')
}

function read(file) {
  return readFileSync(resolve(ROOT, file), 'utf8')
}

function items(map, section) {
  const bullets = section.match(/^- .*(\n {2}.*)*/gm) ?? []
  return bullets
    .flatMap((bullet) => [...bullet.matchAll(/\[([^\]]+)\]\(([^)\s]+)\)/g)])
    .map(([, text, href]) => ({ text: label(text), link: pageLink(map, href) }))
}

function label(text) {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll(/`([^`]*)`/g, '<code>$1</code>')
  return line[0].toUpperCase() + line.slice(1)
}

function pageLink(map, href) {
  return '/' + target(map, href).replace(/README\.md$/, '').replace(/\.md$/, '')
}

function documentOf(env) {
  return relative(ROOT, env.realPath ?? env.path).replaceAll('\\', '/')
}

function target(document, href) {
  return posix.join(posix.dirname(document), decodeURI(href.replace(/#.*/, '')))
}

function onSite(href, document) {
  if (/^([a-z]+:|#|\/)/i.test(href)) {
    return href
  }
  const file = target(document, href)
  if (isPage(file)) {
    return href.replace(/README\.md(?=#|$)/, 'index.md')
  }
  return isFile(file) ? copyOf(file) : href
}

function isPage(file) {
  return file.endsWith('.md') && !file.split('/').some((folder) => EXCLUDED.includes(folder))
}

function isFile(file) {
  return statSync(resolve(ROOT, file), { throwIfNoEntry: false })?.isFile() ?? false
}

function copyOf(file) {
  const copy = `source/${file}.txt`
  copies.set(copy, file)
  return `/${copy}`
}
