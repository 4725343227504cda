import { join } from 'node:path'
import { defineConfig } from 'vitepress'
import {
  EXCLUDED,
  ROOT,
  anchor,
  introduction,
  repositoryLinks,
  sidebar,
  withoutIntroduction
} from './documents.mjs'
import { checkLinks, checkSidebars, copyFiles } from './output.mjs'

const base = process.env.LIMPET_SITE_BASE ?? '/'
const version = process.env.LIMPET_VERSION ?? 'development'
const apidocs = 'apidocs/'
const { title, text } = introduction()

const sidebars = {
  '/docs/internals/': sidebar('docs/internals/README.md'),
  '/': sidebar('docs/README.md')
}

const homePage = {
  title,
  titleTemplate: 'Sticky sessions for Java proxies and gateways',
  frontmatter: {
    layout: 'home',
    hero: {
      name: title,
      tagline: text,
      image: { src: '/logo.svg', alt: '' },
      actions: [
        { theme: 'brand', text: 'Get started', link: '/docs/choose-an-affinity' },
        { theme: 'alt', text: 'User guide', link: '/docs/' },
        { theme: 'alt', text: 'Javadoc', link: `/${apidocs}index.html`, target: '_self' }
      ]
    }
  }
}

// The documents, which become components of Vue, are not beside its folder.
const vueOfThisFolder = {
  name: 'vue-of-this-folder',
  enforce: 'pre',
  resolveId: (id, _, { ssr }) => (ssr && /^vue($|\/)/.test(id) ? { id, external: true } : undefined)
}

export default defineConfig({
  title,
  description: text,
  lang: 'en',
  base,
  srcDir: '..',
  srcExclude: EXCLUDED.map((folder) => `**/${folder}/**`),
  outDir: '../target/site',
  cacheDir: '../target/site-cache',
  rewrites: (page) => page.replace(/README\.md$/, 'index.md'),
  head: [['link', { rel: 'icon', href: `${base}logo.svg`, type: 'image/svg+xml' }]],
  vite: {
    publicDir: false,
    plugins: [vueOfThisFolder],
    build: { chunkSizeWarningLimit: 2000 } // of the search index
  },
  markdown: {
    anchor: { slugify: anchor },
    config(md) {
      repositoryLinks(md)
      withoutIntroduction(md)
    }
  },
  themeConfig: {
    logo: '/logo.svg',
    search: { provider: 'local' },
    outline: [2, 3],
    externalLinkIcon: true,
    sidebar: sidebars,
    nav: [
      { text: 'Guide', link: '/docs/', activeMatch: '^/docs/(?!internals/)' },
      { text: 'Javadoc', link: `/${apidocs}index.html`, target: '_self' },
      { text: 'Internals', link: '/docs/internals/', activeMatch: '^/docs/internals/' },
      { text: 'Contribute', link: '/CONTRIBUTING' },
      { text: version, link: '/CHANGELOG' }
    ]
  },
  transformPageData: (page) => (page.relativePath === 'index.md' ? homePage : undefined),
  buildEnd({ outDir, pages }) {
    copyFiles(outDir)
    checkSidebars(pages, sidebars)
    checkLinks(outDir, base, apidocs)
  }
})
