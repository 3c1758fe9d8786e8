import { byDistance, nearest, similar } from './nearest';

test.each([
  ['cuont', 'count'],
  ['podCidrs', 'podCIDRs'],
  ['longhorn-disks', 'longhornDisks'],
  ['adresses', 'addresses'],
  ['role', 'roles'],
])('%s is a typo of %s', (typed, meant) => {
  expect(nearest(typed, ['count', 'name', 'podCIDRs', 'longhornDisks', 'addresses', 'roles', 'gpu'])).toBe(
    meant,
  );
});

test('another word is no typo', () => {
  expect(nearest('enabled', ['name', 'count', 'labels', 'roles'])).toBeUndefined();
  expect(nearest('x', [])).toBeUndefined();
});

test('the order does not depend on the order of the candidates', () => {
  expect(byDistance('ab', ['ac', 'ad', 'ab'])).toEqual(byDistance('ab', ['ad', 'ab', 'ac']));
});

test('a part of a name is similar only if it is part of one', () => {
  expect(similar('prod', ['canary', 'production'])).toBe('production');
  expect(similar('gpu', ['gpu-a100', 'gpu-t4'])).toBeUndefined();
  expect(similar('a', ['canary'])).toBeUndefined();
});
