import { blocksOf, sumCell, workIn } from './session';

const WORK = { sum: 6, hosts: ['a-exec-1'], session: 1.5, executors: 2.5, port: '7078' };

test('the work of a session is found behind warnings and the bar that shows progress', () => {
  const text = `26/11/25 WARN Utils: something\n[Stage 0:>   (0 + 2) / 4]\r    \r${JSON.stringify(WORK)}\nstopped\n`;
  expect(workIn(text)).toEqual(WORK);
});

test('a session that has said nothing has computed nothing', () => {
  expect(() => workIn('[Stage 0:>   (0 + 2) / 4]')).toThrow('computed nothing');
});

test('the user guide has code, and each of its sessions is stopped', () => {
  const text = blocksOf('spark.md').join('');
  expect(text.match(/getOrCreate\(\)/g)).toHaveLength(2);
  expect(text.match(/spark\.stop\(\)/g)).toHaveLength(2);
  expect(sumCell()).not.toContain('spark.stop');
});
