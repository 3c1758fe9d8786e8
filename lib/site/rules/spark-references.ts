import type { Finding, Path } from '../problem';
import type { SiteRule } from '../rule';
import { unknownReference } from './reference';

export const sparkNeedsHub: SiteRule = {
  id: 'AF-SPARK-01',
  why: 'The driver of a Spark session is a notebook: without a hub nobody can start one.',
  check({ jupyterhub, spark }): Finding[] {
    if (!spark || jupyterhub) return [];
    const path = ['spark'];
    return [{ path, expected: 'jupyterhub beside it', got: 'nothing', fix: { kind: 'remove', path } }];
  },
};

/** A profile that nobody with Spark may start. */
function forOthers(slug: string, theirs: string, path: Path, profiles: number): Finding {
  return {
    path,
    expected: 'a profile that members of an experiment with Spark may start',
    got: `${JSON.stringify(slug)}, which is for ${theirs}`,
    fix: { kind: 'remove', path: profiles > 1 ? path : ['spark'] },
  };
}

/** Of the default profile nothing is in the file. */
const DEFAULT = 'default';

export const sparkImages: SiteRule = {
  id: 'AF-SPARK-02',
  why: 'The sample notebook of JupyterHub has neither pyspark nor Java: with Spark it starts, and no session ever does.',
  check({ images, jupyterhub, spark }) {
    if (!spark || !jupyterhub) return [];
    const lab = images.find(({ name }) => name !== spark.image);
    return spark.profiles.flatMap((slug, index): Finding[] => {
      const at = jupyterhub.profiles.findIndex((profile) => profile.slug === slug);
      const profile = jupyterhub.profiles[at];
      if (!profile || profile.images.length > 0 || profile.unlistedImages !== undefined) return [];
      const path = ['spark', 'profiles', index];
      return [
        {
          path,
          expected: 'a profile whose images have pyspark and Java',
          got: `${JSON.stringify(slug)}, which runs the sample notebook`,
          fix:
            lab && slug !== DEFAULT
              ? {
                  kind: 'add',
                  path: ['jupyterhub', 'profiles', at, 'images'],
                  value: [lab.name],
                  example: true,
                }
              : { kind: 'remove', path: spark.profiles.length > 1 ? path : ['spark'] },
        },
      ];
    });
  },
};

export const sparkReferences: SiteRule = {
  id: 'AF-REF-23',
  why: 'Executors whose nodes or image are not declared never start, and an experiment or profile that nobody knows gives Spark to nobody.',
  check({ nodePools, images, experiments, jupyterhub, spark }) {
    if (!spark || !jupyterhub) return [];
    const refer = (name: string, path: Path, candidates: readonly string[], what: string) =>
      unknownReference({ name, path, candidates, what, otherwise: { kind: 'remove', path: ['spark'] } });
    const names = (items: readonly { readonly name: string }[]) => items.map(({ name }) => name);
    const withRole = nodePools.filter(({ roles }) => roles.includes('spark')).map(({ name }) => name);
    const slugs = jupyterhub.profiles.map(({ slug }) => slug);
    return [
      ...refer(spark.image, ['spark', 'image'], names(images), 'an image of the catalogue'),
      ...spark.pools.flatMap((name, index): Finding[] => {
        const path = ['spark', 'pools', index];
        const at = nodePools.findIndex((pool) => pool.name === name);
        const roles = nodePools[at]?.roles;
        if (!roles && withRole.length > 0)
          return refer(name, path, withRole, 'a node pool with the role spark');
        if (!roles) return refer(name, path, names(nodePools), 'a node pool');
        if (roles.includes('spark')) return [];
        return [
          {
            path,
            expected: 'a node pool with the role spark',
            got: `${JSON.stringify(name)}, which has the roles ${roles.join(', ')}`,
            fix: { kind: 'set', path: ['nodePools', at, 'roles'], value: [...roles, 'spark'] },
          },
        ];
      }),
      ...spark.profiles.flatMap((slug, index) => {
        const path = ['spark', 'profiles', index];
        const allow = jupyterhub.profiles.find((profile) => profile.slug === slug)?.allow;
        const theirs = allow?.experiments.join(', ');
        return theirs === undefined || spark.experiments.some(({ name }) => allow?.experiments.includes(name))
          ? refer(slug, path, slugs, 'a profile of jupyterhub.profiles')
          : [forOthers(slug, theirs, path, spark.profiles.length)];
      }),
      ...spark.experiments.flatMap(({ name }, index) =>
        refer(name, ['spark', 'experiments', index, 'name'], names(experiments), 'an experiment'),
      ),
    ];
  },
};
