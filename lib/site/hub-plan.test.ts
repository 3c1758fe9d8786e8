import { siteOf } from '../site-props/site.fixture';
import { profilePools } from './hub-plan';
import type { NodePool } from './schema/node-pools';

const { nodePools, jupyterhub } = siteOf('full');

test('a profile without GPUs stays off nodes with GPUs, unless there are no others', () => {
  const [small] = jupyterhub?.profiles ?? [];
  if (!small || small.gpu) throw new Error('the first profile of the fixture has no GPU');
  const { pools: _, ...profile } = small;
  const chosen = (pools: readonly NodePool[]) => profilePools(pools, profile).map(({ name }) => name);
  const cards = nodePools.filter(({ gpu, roles }) => gpu && roles.includes('user'));
  expect(chosen(nodePools)).toEqual(['cpu']);
  expect(cards).not.toEqual([]);
  expect(chosen(cards)).toEqual(cards.map(({ name }) => name));
});
