import { CERT_MANAGER, HTCONDOR, IMAGE_PULLERS, LONGHORN, STORAGE, USER_SCHEDULER } from './components';

test.each([CERT_MANAGER, USER_SCHEDULER, IMAGE_PULLERS])(
  '$name has no data, and goes when the site has it no longer',
  ({ stateful }) => {
    expect(stateful).toBe(false);
  },
);

test.each([LONGHORN, STORAGE])('$name stays, with all volumes, until an admin takes it away', (component) => {
  expect(component).toMatchObject({ stateful: true });
  expect(component).not.toHaveProperty('prunes');
});

test('groups of workers go with the site file, though the pool they are of has data', () => {
  expect(HTCONDOR).toMatchObject({ stateful: true, prunes: true });
});
