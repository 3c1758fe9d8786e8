import { ESLint } from 'eslint';
// eslint-disable-next-line @typescript-eslint/no-require-imports -- the configuration is plain JavaScript, as ESLint wants it
import config = require('./eslint.config.js');

/** A line of code in a file where it must not be, and the rule that says so. */
const PLANTED: readonly (readonly [file: string, code: string, rule: string])[] = [
  ['lib/site/parse.ts', "import { App } from 'cdk8s';\nexport const app = App;", 'boundaries/dependencies'],
  [
    'lib/site/parse.ts',
    "import { buildSite } from '../build-site';\nexport const build = buildSite;",
    'boundaries/dependencies',
  ],
  [
    'lib/site/parse.ts',
    "import { CertManager } from '../cert-manager/cert-manager';\nexport const c = CertManager;",
    'boundaries/dependencies',
  ],
  [
    'lib/site/parse.ts',
    "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;",
    'boundaries/dependencies',
  ],
  [
    'lib/longhorn/longhorn.ts',
    "import type { Site } from '../site/schema';\nexport type S = Site;",
    'boundaries/dependencies',
  ],
  [
    'lib/longhorn/longhorn.ts',
    "import { Storage } from '../../lib/certificates/certificates';\nexport const s = Storage;",
    'boundaries/dependencies',
  ],
  [
    'lib/longhorn/release.ts',
    "import { Construct } from 'constructs';\nexport const c = Construct;",
    'boundaries/dependencies',
  ],
  [
    'lib/checks/images.ts',
    "import { Longhorn } from '../longhorn/longhorn';\nexport const l = Longhorn;",
    'boundaries/dependencies',
  ],
  [
    'lib/checks/images.ts',
    "import { Construct } from 'constructs';\nexport const c = Construct;",
    'boundaries/dependencies',
  ],
  [
    'lib/dist/render.ts',
    "import { buildSite } from '../build-site';\nexport const b = buildSite;",
    'boundaries/dependencies',
  ],
  [
    'lib/impact/impact.ts',
    "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;",
    'boundaries/dependencies',
  ],
  [
    'lib/impact/impact.ts',
    "import { Longhorn } from '../longhorn/longhorn';\nexport const l = Longhorn;",
    'boundaries/dependencies',
  ],
  [
    'lib/kubernetes/quantity.ts',
    "import { Size } from 'cdk8s';\nexport const s = Size;",
    'boundaries/dependencies',
  ],
  [
    'lib/client-kit/readme.ts',
    "import type { Site } from '../site/schema';\nexport type S = Site;",
    'boundaries/dependencies',
  ],
  [
    'lib/kubernetes/quantity.ts',
    "import { parseSite } from '../site/parse';\nexport const p = parseSite;",
    'boundaries/dependencies',
  ],
  [
    'lib/commands/check.ts',
    "import { request } from 'node:https';\nexport const r = request;",
    'boundaries/dependencies',
  ],
  ['lib/commands/check.ts', "import '../../main';", 'boundaries/dependencies'],
  [
    'main.ts',
    "import { buildSite } from './lib/build-site';\nexport const b = buildSite;",
    'boundaries/dependencies',
  ],
  ['lib/dist/render.ts', 'export const home = process.env;', 'no-restricted-globals'],
  ['lib/dist/render.ts', 'export const now = new Date();', 'no-restricted-globals'],
  ['lib/dist/render.ts', 'export const chance = Math.random();', 'no-restricted-properties'],
  ['lib/dist/render.ts', 'export const text = (1234).toLocaleString();', 'no-restricted-syntax'],
  ['lib/dist/render.ts', "export const order = 'a'.localeCompare('b');", 'no-restricted-syntax'],
  ['lib/dist/render.ts', 'export const anything: any = 1;', '@typescript-eslint/no-explicit-any'],
  [
    'lib/dist/render.ts',
    'export const word = JSON.parse("1") as string;',
    '@typescript-eslint/consistent-type-assertions',
  ],
  ['lib/dist/render.ts', "export const first = ['a'][0]!;", '@typescript-eslint/no-non-null-assertion'],
  ['lib/dist/render.test.ts', "test.only('one', () => undefined);", 'no-restricted-syntax'],
  ['lib/dist/render.test.ts', "describe.skip('some', () => undefined);", 'no-restricted-syntax'],
  ['lib/dist/render.ts', '// @ts-ignore\nexport const one: string = 1;', '@typescript-eslint/ban-ts-comment'],
];

// On a CI server the parser reads every file once from the disk, and would not see the planted text.
const readTexts = { languageOptions: { parserOptions: { disallowAutomaticSingleRunInference: true } } };
const eslint = new ESLint({
  overrideConfigFile: true,
  overrideConfig: [...Array.from<object>(config), readTexts],
});

async function rulesBroken(file: string, code: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(`${code}\n`, { filePath: file });
  return (result?.messages ?? []).map((message) => message.ruleId);
}

test.each(PLANTED)('in %s the lint refuses %j', async (file, code, rule) => {
  expect(await rulesBroken(file, code)).toContain(rule);
});

test('what is allowed raises nothing', async () => {
  const code =
    "import type { KubernetesObject } from '../kubernetes/object';\nexport type Same = KubernetesObject;";
  expect(await rulesBroken('lib/dist/render.ts', code)).toEqual([]);
});
