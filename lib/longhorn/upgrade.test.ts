import { RELEASE } from './release';
import { upgradePath } from './upgrade';

test.each([
  ['1.12.1', '1.12.1'],
  ['1.12.0', '1.12.1'],
  ['1.11.0', '1.12.1'],
  ['v1.11.2', 'v1.12.1'],
  ['1.11.9', RELEASE.version],
])('from %s to %s is one allowed hop', (running, target) => {
  expect(upgradePath(running, target)).toEqual({ allowed: true });
});

test.each([
  ['1.10.3', ['1.10.3', '1.11.x', '1.12.1']],
  ['v1.9.0', ['1.9.0', '1.10.x', '1.11.x', '1.12.1']],
])('from %s a minor version would be skipped, and the way is printed', (running, path) => {
  expect(upgradePath(running, '1.12.1')).toEqual({
    allowed: false,
    reason: `Longhorn cannot skip a minor version; the way is ${path.join(' -> ')}`,
    path,
  });
});

test.each([
  ['1.12.2', '1.12.1', '1.12.1 is older than 1.12.2, and Longhorn cannot be downgraded'],
  ['1.13.0', '1.12.1', '1.12.1 is older than 1.13.0, and Longhorn cannot be downgraded'],
  ['1.12.1', '2.0.0', 'Longhorn states no way from major version 1 to 2'],
  ['1.12', '1.12.1', '"1.12" is not a release of Longhorn such as 1.11.2'],
  ['1.12.0-rc1', '1.12.1', '"1.12.0-rc1" is not a release of Longhorn such as 1.11.2'],
  ['1.12.0', 'latest', '"latest" is not a release of Longhorn such as 1.11.2'],
])('from %s to %s leads no way', (running, target, reason) => {
  expect(upgradePath(running, target)).toEqual({ allowed: false, reason, path: [] });
});
