import { readFileSync } from 'node:fs';
import path from 'node:path';
import { listAt, textsAt } from '../../kubernetes/read';
import { apptainerSettings, containersConfig } from './containers';

test('containers have no PID namespace, because they could mount no /proc for it', () => {
  expect(containersConfig({ mountsCvmfs: false })).toBe(
    '# Jobs in containers\nSINGULARITY = /usr/bin/apptainer\nSINGULARITY_USE_PID_NAMESPACES = False\n',
  );
  expect(apptainerSettings()).toBe('# Apptainer\nallow setuid = no\nallow pid ns = no\n');
});

test('containers see /cvmfs where the worker does', () => {
  expect(containersConfig({ mountsCvmfs: true })).toContain('\nSINGULARITY_BIND_EXPR = "/cvmfs"\n');
});

describe('the seccomp profile of the admin guide', () => {
  const file = path.join(__dirname, '..', '..', '..', 'docs', 'admin', 'apptainer-seccomp.json');
  const profile: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const rules = listAt(profile, 'syscalls');
  const allowed = (call: string) =>
    rules.filter(
      ({ names, action }) => textsAt({ names }, 'names').includes(call) && action === 'SCMP_ACT_ALLOW',
    );

  /** Bits of unshare that make a namespace. */
  const NAMESPACES = {
    user: 0x1000_0000,
    mount: 0x2_0000,
    ipc: 0x800_0000,
    network: 0x4000_0000,
    pid: 0x2000_0000,
    uts: 0x400_0000,
    cgroup: 0x200_0000,
    time: 0x80,
  };

  test('refuses what it does not name', () => {
    expect(profile).toMatchObject({ defaultAction: 'SCMP_ACT_ERRNO' });
    for (const call of [
      'bpf',
      'keyctl',
      'init_module',
      'kexec_load',
      'open_by_handle_at',
      'io_uring_setup',
      'reboot',
    ])
      expect([call, allowed(call)]).toEqual([call, []]);
  });

  test('lets a process unshare user, mount and IPC namespaces, and no others', () => {
    const [rule, ...others] = allowed('unshare');
    expect(others).toEqual([]);
    const [condition] = listAt(rule, 'args');
    expect(condition).toMatchObject({ index: 0, op: 'SCMP_CMP_MASKED_EQ' });
    const open = Object.entries(NAMESPACES).filter(([, bit]) => (bit & Number(condition?.['value'])) === 0);
    expect(open.map(([name]) => name)).toEqual(['user', 'mount', 'ipc']);
  });

  test('lets a new process have no namespace of its own, whichever call makes it', () => {
    expect(allowed('clone').map((rule) => listAt(rule, 'args'))).toEqual([
      [{ index: 0, value: 0x7e02_0000, op: 'SCMP_CMP_MASKED_EQ' }],
    ]);
    expect(allowed('clone3')).toEqual([]);
  });

  test('lets a process join mount namespaces only', () => {
    expect(allowed('setns').map((rule) => listAt(rule, 'args'))).toEqual([
      [{ index: 1, value: NAMESPACES.mount, op: 'SCMP_CMP_EQ' }],
    ]);
  });

  test('adds no call beyond those to the profile of the runtime but three', () => {
    const without = ['chroot', 'fsopen', 'mount_setattr', 'move_mount', 'open_tree', 'sethostname', 'umount'];
    for (const call of without) expect([call, allowed(call)]).toEqual([call, []]);
    for (const call of ['mount', 'umount2', 'pivot_root'])
      expect(allowed(call).map((rule) => listAt(rule, 'args'))).toEqual([[]]);
  });
});
