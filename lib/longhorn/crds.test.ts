import { crdsKustomization } from './crds';
import { RELEASE } from './release';

test('the CRDs come from one raw file at a commit, not at a tag', () => {
  expect(crdsKustomization().resources).toEqual([
    expect.stringMatching(
      /^https:\/\/raw\.githubusercontent\.com\/longhorn\/longhorn\/[0-9a-f]{40}\/deploy\/longhorn\.yaml$/,
    ),
  ]);
  expect(crdsKustomization().resources[0]).toContain(RELEASE.commit);
});

test('one patch deletes every other kind of the file and keeps CRDs', () => {
  const { patches } = crdsKustomization();
  expect(patches).toHaveLength(1);
  const kinds = new RegExp(`^${patches[0]?.target.kind ?? ''}$`);
  for (const kind of ['Namespace', 'ClusterRole', 'ClusterRoleBinding', 'Role', 'DaemonSet', 'Deployment']) {
    expect(kind).toMatch(kinds);
  }
  expect('CustomResourceDefinition').not.toMatch(kinds);
  expect(patches[0]?.patch).toMatch(/^\$patch: delete$/m);
});

test('a CRD, and with it all volumes, is never deleted by Argo CD', () => {
  expect(crdsKustomization().commonAnnotations).toEqual({
    'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false,ServerSideApply=true',
  });
});
