import { withoutGuesses } from './guesses';

const site = { pools: [{ name: 'cpu', count: 2 }, { name: 'gpu' }], taints: ['a', 'b'] };

const names = ({ pools }: typeof site) => pools.map(({ name }) => name);
const counts = ({ pools }: typeof site) => pools.map(({ count }) => count ?? 0);

test('what reads a guess finds nothing, what reads beside it finds all', () => {
  const guesses = [['pools', 0, 'count']];
  expect(withoutGuesses(site, guesses, names)).toEqual(['cpu', 'gpu']);
  expect(withoutGuesses(site, guesses, counts)).toEqual([]);
  expect(withoutGuesses(site, [], counts)).toEqual([2, 0]);
});

test('a key that is not there is a guess as well', () => {
  expect(withoutGuesses(site, [['pools', 1, 'count']], counts)).toEqual([]);
});

test('all that is below a guess is one', () => {
  expect(withoutGuesses(site, [['pools']], names)).toEqual([]);
  expect(withoutGuesses(site, [['pools']], ({ taints }) => taints)).toEqual(['a', 'b']);
});

test('an object is the same each time it is read', () => {
  const places = ({ pools }: typeof site) => pools.map((pool) => pools.indexOf(pool));
  expect(withoutGuesses(site, [['pools', 0, 'count']], places)).toEqual([0, 1]);
});
