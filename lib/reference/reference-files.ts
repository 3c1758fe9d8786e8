import { checksPage, rulesPage } from './rules-page';
import { siteJsonSchema } from './json-schema';
import { sitePage } from './site-page';

/** Files that follow from the schema and the rules: path below the repository to text. */
export function referenceFiles(): ReadonlyMap<string, string> {
  const schema = siteJsonSchema();
  return new Map([
    ['sites/site.schema.json', `${JSON.stringify(schema, undefined, 2)}\n`],
    ['docs/reference/site.md', sitePage(schema)],
    ['docs/reference/rules.md', rulesPage()],
    ['docs/reference/checks.md', checksPage()],
  ]);
}
