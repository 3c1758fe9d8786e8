import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Proves } from '../cluster/suite';
import type { Kernel } from '../jupyterhub/kernel';
import { blocksOf, type Block } from './blocks';
import type { Person } from './people';
import { readerOf, type Shell } from './reader';

const FOLDER = path.join(__dirname, '..', '..', 'docs', 'user');

/** Page that is read outside; all others are read in a notebook. */
const OUTSIDE = 'from-outside.md';

/** Who reads the pages, and where. */
export interface Readers {
  readonly notebook: Person;
  /** A shell in that notebook, and one on a machine outside. */
  readonly shells: { readonly inside: Shell; readonly outside: Shell };
}

/** Every page of the user guide, with its code. */
export function guide(): readonly { readonly page: string; readonly blocks: readonly Block[] }[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.md'))
    .sort()
    .map((page) => ({
      page,
      blocks: blocksOf(`docs/user/${page}`, readFileSync(path.join(FOLDER, page), 'utf8')),
    }));
}

/** Runs all code of the user guide as a reader does: in the order of the page, in one kernel. */
export function guideWorks(proves: Proves, readers: () => Readers): void {
  for (const { page, blocks } of guide()) {
    describe(page, () => {
      let kernel: Kernel | undefined;
      afterAll(async () => {
        await kernel?.end();
      });
      for (const { place, language, text } of blocks) {
        proves(`${place} the ${language || 'nameless'} code works as it is`, async () => {
          const { notebook, shells } = readers();
          switch (language) {
            case 'python':
              kernel ??= await notebook.visitor.kernel();
              await kernel.run(text);
              return;
            case 'sh':
              await readerOf(page === OUTSIDE ? shells.outside : shells.inside).follow(text);
              return;
            default:
              throw new Error(`nothing runs code in ${language || 'no language'}: say python or sh`);
          }
        });
      }
    });
  }
}
