import {
  CERT_MANAGER,
  HTCONDOR,
  IMAGE_PULLERS,
  JUPYTERHUB,
  LONGHORN,
  SPARK,
  STORAGE,
  USER_SCHEDULER,
} from './components';

test.each([CERT_MANAGER, USER_SCHEDULER, IMAGE_PULLERS, SPARK])(
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

test('accounts of Spark are there before the hub starts notebooks with them, and cannot lift their limits', () => {
  expect(SPARK.wave).toBeLessThan(JUPYTERHUB.wave);
  // The project that forbids quotas.
  expect(SPARK.project).toBe('facility');
});
