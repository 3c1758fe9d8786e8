import fc from 'fast-check';
import YAML from 'yaml';
import { render, type RenderedComponent } from './render';

const object = (kind: string, name: string, namespace?: string) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
});

const paths = (component: Partial<RenderedComponent>) => [
  ...render('pg1', [{ name: 'storage', objects: [], ...component }]).keys(),
];

test('objects of the own namespace and cluster-scoped ones are in the folder of the component, others one below', () => {
  const objects = [
    object('ConfigMap', 'a', 'own'),
    object('ClusterRole', 'b'),
    object('Secret', 'c', 'other'),
  ];
  expect(paths({ namespace: 'own', objects })).toEqual([
    'storage/configmap.a.yaml',
    'storage/clusterrole.b.yaml',
    'storage/other/secret.c.yaml',
  ]);
});

test('a colon in a name is no colon in a path', () => {
  expect(paths({ objects: [object('ClusterRole', 'cert-manager:leaderelection')] })).toEqual([
    'storage/clusterrole.cert-manager_leaderelection.yaml',
  ]);
});

test('two objects on one path are refused, and neither is lost', () => {
  const objects = [object('ClusterRole', 'a:b'), object('ClusterRole', 'a_b')];
  expect(() => paths({ objects })).toThrow('dist/pg1/storage/clusterrole.a_b.yaml');
});

test('the first line says from what and by which command a file is made', () => {
  const [text = ''] = render('pg1', [{ name: 'storage', objects: [object('Service', 'a')] }]).values();
  expect(text.split('\n')[0]).toBe(
    '# Generated from sites/pg1/site.yaml by npm run synth; changes made here are lost.',
  );
});

test('keys are sorted and the order of insertion does not show', () => {
  const text = (content: object) => [
    ...render('pg1', [{ name: 'a', objects: [], files: { f: content } }]).values(),
  ];
  expect(text({ b: 1, a: { d: 2, c: 3 } })).toEqual(text({ a: { c: 3, d: 2 }, b: 1 }));
});

test('whatever is written reads back as the same, by YAML 1.2 and by the older YAML that Kubernetes tools speak', () => {
  const tricky = fc.constantFrom(
    'yes',
    'on',
    'n',
    '0777',
    '1_000',
    '1:30',
    '12e3',
    '.inf',
    '~',
    '',
    ' x',
    'a: b',
    '# c',
    '2026-01-01',
    '=',
    '<<',
    '0x1F',
    'a\nb\n',
    '\t',
    '-',
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      tricky,
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(fc.oneof(tricky, fc.stringMatching(/^[\w./-]{1,12}$/)), tie('any'), { maxKeys: 4 }),
    ),
  })).any;
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), value), (content) => {
      const [text = ''] = render('pg1', [{ name: 'a', objects: [], files: { f: content } }]).values();
      for (const version of ['1.1', '1.2'] as const)
        expect(YAML.parse(text, { version })).toEqual(JSON.parse(JSON.stringify(content)));
    }),
    { numRuns: 500, seed: 20261122 },
  );
});
