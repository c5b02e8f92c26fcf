// The site of the documentation: `npm run docs:site` builds it into tmp/docs-site. Its search works without any other server.
import { readFileSync } from 'node:fs';
import { type DefaultTheme, defineConfig } from 'vitepress';

/** The pages in the order of docs/README.md, which people read too. */
function sidebar(): DefaultTheme.SidebarItem[] {
  const groups: Required<Pick<DefaultTheme.SidebarItem, 'text' | 'items'>>[] = [{ text: 'Start', items: [] }];
  for (const line of readFileSync(new URL('../README.md', import.meta.url), 'utf8').split('\n')) {
    const heading =
      /^\d+\. ([\w ]+?)(?:: .*)?$/.exec(line)?.[1] ?? /^ {3}- ([A-Z][\w ]+?): \[/.exec(line)?.[1];
    const links = [...line.matchAll(/\[([^\]]+)\]\(([\w/-]+)\.md\)/g)];
    if (heading !== undefined) {
      groups.push({ text: heading, items: [] });
    }
    groups
      .at(-1)
      ?.items.push(
        ...links.map(([, text = '', link = '']) => ({ text: capital(text), link: `/docs/${link}` })),
      );
  }
  return groups.filter(({ items }) => items.length > 0);
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export default defineConfig({
  title: 'nestjs-mikro-audit',
  description: 'The audit trail for NestJS, MikroORM 7 and PostgreSQL',
  // The pages beside docs/ belong to it, and links of pages are those of the repository.
  srcDir: '..',
  srcExclude: ['{node_modules,libs,src,bench,tmp,dist,.data}/**', 'test/{matrix,integration}/**'],
  rewrites: { 'README.md': 'index.md' },
  outDir: '../tmp/docs-site',
  cacheDir: '../tmp/docs-cache',
  // Sources and the license are no pages.
  ignoreDeadLinks: [/\/LICENSE$/, /\.(?:ts|go|mjs)$/, /\/docs\/samples/, /\/libs\//],
  themeConfig: { search: { provider: 'local' }, sidebar: sidebar(), outline: [2, 3] },
});
