const boundaries = require('eslint-plugin-boundaries');
const tseslint = require('typescript-eslint');

/**
 * Parts of the project, most special first: a file belongs to the first pattern that fits.
 * `facts`: versions and tables of a component, without any cdk8s, so that every fact is written once.
 */
const PARTS = {
  facts: [
    'lib/*/release.ts',
    'lib/longhorn/settings.ts',
    'lib/longhorn/setting-value.ts',
    'lib/longhorn/settings-table/*.ts',
    'lib/longhorn/taint.ts',
    'lib/longhorn/upgrade.ts',
    'lib/jupyterhub/traits.json',
  ],
  values: [
    'lib/kubernetes/{quantity,duration,object,read,cidr,flows,needed-secret,upstream-source,cluster,protection,wave}.ts',
  ],
  kubernetes: ['lib/kubernetes/*.ts'],
  site: ['lib/site/**/*.ts'],
  checks: ['lib/checks/*.ts'],
  dist: ['lib/dist/*.ts'],
  impact: ['lib/impact/*.ts'],
  reference: ['lib/reference/*.ts'],
  kit: ['lib/client-kit/*.ts'],
  commands: ['lib/commands/*.ts'],
  certificates: ['lib/certificates/*.ts'],
  component: ['lib/{argocd,cert-manager,htcondor,jupyterhub,longhorn,namespaces,spark,storage}/**/*.ts'],
  build: ['lib/{build-site,component-chart,components,synthesise}.ts', 'lib/site-props/*.ts'],
  imports: ['imports/*.ts'],
  main: ['main.ts'],
};

/** Who may import whom; one's own part always. */
const MAY_IMPORT = {
  facts: ['values'],
  values: [],
  kubernetes: ['values'],
  site: ['values', 'facts'],
  component: ['values', 'kubernetes', 'facts', 'imports'],
  certificates: ['values', 'kubernetes', 'facts', 'imports', 'component'],
  checks: ['values', 'facts'],
  dist: ['values'],
  impact: ['values'],
  kit: ['dist'],
  build: ['site', 'kit', 'component', 'certificates', 'kubernetes', 'values', 'facts', 'checks', 'dist'],
  reference: ['site', 'checks', 'values'],
  commands: ['site', 'kit', 'build', 'checks', 'dist', 'impact', 'reference', 'values'],
  main: ['commands'],
  imports: [],
};

/** Packages that only some parts may use; node's own modules count as packages. */
const PACKAGES = [
  {
    packages: ['cdk8s', 'cdk8s-plus-27', 'constructs'],
    parts: ['kubernetes', 'component', 'certificates', 'build', 'imports'],
  },
  { packages: ['zod'], parts: ['site', 'reference'] },
  { packages: ['fs', 'node:fs', 'fs/promises', 'node:fs/promises'], parts: ['commands', 'dist', 'main'] },
  {
    packages: [
      'child_process',
      'node:child_process',
      'http',
      'node:http',
      'https',
      'node:https',
      'net',
      'node:net',
      'os',
      'node:os',
    ],
    parts: [],
  },
];

const policies = [
  ...Object.entries(MAY_IMPORT).map(([part, others]) => ({
    from: { file: { categories: part } },
    allow: { to: { file: { categories: { anyOf: [part, ...others] } } } },
  })),
  { allow: { to: { module: { origin: ['external', 'core'] } } } },
  ...PACKAGES.map(({ packages, parts }) => ({
    from: { file: { categories: { noneOf: parts } } },
    disallow: { to: { module: { source: packages } } },
  })),
];

const NO_AMBIENT = [
  { name: 'process', message: 'lib/ takes what it needs as arguments.' },
  { name: 'Date', message: 'The same site gives the same bytes on any day.' },
  { name: 'setTimeout', message: 'Nothing in lib/ waits.' },
  { name: 'fetch', message: 'Nothing in lib/ talks to a network.' },
];

module.exports = tseslint.config(
  { ignores: ['node_modules/', 'imports/', '/dist/', 'coverage/'] },
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  ...tseslint.configs.stylisticTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: __dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // A construct is its own effect.
      'no-new': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      // An underscore says that a value is left out on purpose.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['lib/**/*.ts', 'main.ts'],
    ignores: ['**/*.test.ts', '**/*.fixture.ts'],
    plugins: { boundaries },
    settings: {
      'import/resolver': { typescript: { project: './tsconfig.json' } },
      // Exclusive: the first pattern that fits decides.
      'boundaries/files': Object.entries(PARTS).flatMap(([category, patterns]) =>
        patterns.map((pattern) => ({ category, pattern, exclusive: true })),
      ),
    },
    rules: {
      'boundaries/dependencies': ['error', { default: 'disallow', checkAllOrigins: true, policies }],
    },
  },
  {
    files: ['lib/**/*.ts'],
    ignores: ['**/*.test.ts', '**/*.fixture.ts'],
    rules: {
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      'no-restricted-globals': ['error', ...NO_AMBIENT],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'The same site gives the same bytes.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression[callee.property.name=/^toLocale/]',
          message: 'Output must not depend on the locale.',
        },
        {
          selector: 'CallExpression[callee.property.name="localeCompare"]',
          message: 'Order must not depend on the locale.',
        },
      ],
      'max-lines': ['error', { max: 260, skipComments: true, skipBlankLines: true }],
    },
  },
  {
    files: ['**/*.test.ts', '**/*.e2e.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression[callee.property.name=/^(only|skip|todo)$/]',
          message: 'Every test runs.',
        },
      ],
    },
  },
);
