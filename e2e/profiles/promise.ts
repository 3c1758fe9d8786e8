import { at, labelsAt, listAt, textAt, textsAt } from '../../lib/kubernetes/read';
import { RELEASE } from '../../lib/jupyterhub/release';
import { parseBytes, parseCpu } from '../../lib/kubernetes/quantity';
import type { Site } from '../../lib/site/schema';
import type { NodePool } from '../../lib/site/schema/node-pools';
import type { Profile } from '../../lib/site/schema/profiles';

/** What a profile of a site promises to who chooses it, whether read off the site file or off a pod. */
export interface Promised {
  /** Labels of the nodes on which it may run; one of the alternatives. */
  readonly nodes: readonly Readonly<Record<string, string>>[];
  readonly tolerations: readonly string[];
  readonly millicores: { readonly guarantee: number; readonly limit: number };
  readonly memory: { readonly guarantee: number; readonly limit: number };
  readonly gpus: Readonly<Record<string, string>>;
  readonly seesNoGpu: boolean;
  readonly image: string;
  /** Path in the notebook to what is there. */
  readonly volumes: Readonly<Record<string, string>>;
  readonly runtimeClass: string | undefined;
  readonly home: { readonly class: string; readonly bytes: number; readonly accessMode: string };
}

/** One choice of one profile, by somebody who may see it. */
export interface Choice {
  readonly profile: Profile;
  /** Name in the catalogue. @default the sample notebook */
  readonly image?: string;
  readonly experiment?: Site['experiments'][number];
  readonly groups: readonly string[];
  readonly options: Readonly<Record<string, string>>;
}

const VISIBLE = 'NVIDIA_VISIBLE_DEVICES';

/** Every image of every profile, for a member of each experiment that may start it. */
export function choicesOf(site: Site): readonly Choice[] {
  const profiles = site.jupyterhub?.profiles ?? [];
  const allowed = site.identity?.login.allow?.groups;
  return profiles.flatMap((profile) => {
    const images = profile.images.length === 0 ? [undefined] : profile.images;
    const experiments = site.experiments.filter(
      ({ name, groups }) => groups && (profile.allow?.experiments.includes(name) ?? true),
    );
    const people = experiments.flatMap((experiment) =>
      experiment.groups ? [{ experiment, groups: [experiment.groups.members] }] : [],
    );
    const everybody = people.length > 0 ? people : [{ groups: [...(allowed ?? [])] }];
    return everybody.flatMap((person) =>
      images.map((image): Choice => ({
        ...person,
        profile,
        ...(image === undefined ? {} : { image }),
        options: {
          profile: profile.slug,
          ...(images.length > 1 && image !== undefined ? { image } : {}),
        },
      })),
    );
  });
}

/** Pools of the site on which a notebook of the profile may be. */
export function poolsOf({ nodePools }: Site, { pools, gpu }: Profile): readonly NodePool[] {
  if (pools) return nodePools.filter(({ name }) => pools.includes(name));
  const users = nodePools.filter(({ roles }) => roles.includes('user'));
  return users.filter((pool) => (gpu ? pool.gpu !== undefined : pool.gpu === undefined));
}

/** As the admin wrote it. */
export function promisedBySite(site: Site, { profile, image, experiment }: Choice): Promised {
  const { gpu } = profile;
  const { home, shared = [], longhorn, cvmfs } = site.storage ?? {};
  if (!home || !longhorn) throw new Error('a hub has homes');
  const pools = poolsOf(site, profile);
  const mine = shared.filter(
    ({ experiments }) => experiments.length === 0 || experiments.includes(experiment?.name ?? ''),
  );
  return {
    nodes: pools.map((pool) => ({
      ...(pool.labels ?? { 'analysis-facility/pool': pool.name }),
      ...(gpu && pool.gpu ? { 'nvidia.com/gpu.product': pool.gpu.product } : {}),
    })),
    tolerations: sorted(
      pools.flatMap(({ taints }) =>
        taints.map(({ key, value, effect }) => `${key}=${value ?? ''}:${effect}`),
      ),
    ),
    millicores: { guarantee: profile.cpu.guarantee.millicores, limit: profile.cpu.limit.millicores },
    memory: { guarantee: profile.memory.guarantee.bytes, limit: profile.memory.limit.bytes },
    gpus: gpu ? { [gpu.resource]: String(gpu.count) } : {},
    seesNoGpu: gpu === undefined,
    image: site.images.find(({ name }) => name === image)?.ref ?? RELEASE.images.notebook,
    volumes: {
      [home.mountPath]: 'home',
      ...Object.fromEntries(
        mine.map(({ name, mountPath }) => [mountPath ?? `/shared/${name}`, `shared-${name}`]),
      ),
      ...(cvmfs ? { '/cvmfs': 'cvmfs' } : {}),
      ...(gpu ? { '/dev/shm': 'memory' } : {}),
      '/run/af': 'memory',
      '/etc/af': 'notebook-files',
      ...(site.dask ? { '/etc/dask/analysis-facility.yaml': 'notebook-files' } : {}),
    },
    runtimeClass: gpu?.runtimeClass,
    home: {
      class: home.class,
      bytes: home.size.bytes,
      accessMode: longhorn.classes.find(({ name }) => name === home.class)?.accessMode ?? '',
    },
  };
}

/** As KubeSpawner asks the API server for it. */
export function promisedByPod(pod: unknown, claim: unknown): Promised {
  const [container] = listAt(pod, 'spec', 'containers');
  const resources = (kind: string) => labelsOrNumbers(at(container, 'resources', kind));
  const [limits, requests] = [resources('limits'), resources('requests')];
  const environment = Object.fromEntries(
    listAt(container, 'env').map(({ name, value }) => [String(name), value]),
  );
  const mounted = new Map(
    listAt(pod, 'spec', 'volumes').map((volume) => [volume['name'], contentOf(volume, claim)]),
  );
  return {
    nodes: alternatives(pod),
    tolerations: sorted(
      listAt(pod, 'spec', 'tolerations').map(
        (each) =>
          `${textAt(each, 'key') ?? ''}=${textAt(each, 'value') ?? ''}:${textAt(each, 'effect') ?? ''}`,
      ),
    ),
    millicores: { guarantee: millicores(requests['cpu']), limit: millicores(limits['cpu']) },
    memory: { guarantee: byteCount(requests['memory']), limit: byteCount(limits['memory']) },
    gpus: Object.fromEntries(Object.entries(limits).filter(([name]) => name.includes('/'))),
    seesNoGpu: environment[VISIBLE] === 'void',
    image: textAt(container, 'image') ?? '',
    volumes: Object.fromEntries(
      listAt(container, 'volumeMounts').map((mount) => [
        textAt(mount, 'mountPath') ?? '',
        mounted.get(mount['name']) ?? 'nothing',
      ]),
    ),
    runtimeClass: textAt(pod, 'spec', 'runtimeClassName'),
    home: {
      class: textAt(claim, 'spec', 'storageClassName') ?? '',
      bytes: byteCount(textAt(claim, 'spec', 'resources', 'requests', 'storage')),
      accessMode: textsAt(claim, 'spec', 'accessModes').join(),
    },
  };
}

function alternatives(pod: unknown): readonly Readonly<Record<string, string>>[] {
  const selector = labelsAt(pod, 'spec', 'nodeSelector');
  const required = ['spec', 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution'];
  const terms = listAt(pod, ...required, 'nodeSelectorTerms').map((term) =>
    Object.fromEntries(
      listAt(term, 'matchExpressions').map((each) => [
        textAt(each, 'key') ?? '',
        each['operator'] === 'In' ? textsAt(each, 'values').join() : String(each['operator']),
      ]),
    ),
  );
  return terms.length === 0 ? [selector] : terms.map((term) => ({ ...selector, ...term }));
}

function contentOf(volume: unknown, claim: unknown): string {
  const name = textAt(volume, 'persistentVolumeClaim', 'claimName');
  if (name !== undefined) return name === textAt(claim, 'metadata', 'name') ? 'home' : name;
  if (at(volume, 'emptyDir', 'medium') === 'Memory') return 'memory';
  return textAt(volume, 'configMap', 'name') ?? 'something else';
}

function labelsOrNumbers(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(value ?? {}).map(([key, amount]) => [key, String(amount)]));
}

const sorted = (items: readonly string[]) => [...new Set(items)].sort();

function millicores(text = ''): number {
  const parsed = parseCpu(text);
  if ('value' in parsed) return parsed.value.millicores;
  throw new Error(`${text} is no number of cores`);
}

/** KubeSpawner writes memory as a plain number of bytes, and storage as it was given. */
function byteCount(text = ''): number {
  if (/^\d+$/.test(text)) return Number(text);
  const parsed = parseBytes(text);
  if ('value' in parsed) return parsed.value.bytes;
  throw new Error(`${text} is no number of bytes`);
}
