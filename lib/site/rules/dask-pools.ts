import type { SiteRule } from '../rule';
import type { Finding } from '../problem';
import { unknownReference } from './reference';

const PATH = ['dask', 'overHTCondor'];

export const daskNeeds: SiteRule = {
  id: 'AF-HTC-20',
  why: 'Workers of Dask are jobs of a pool, and their scheduler is in a notebook: without either there is nothing to set up.',
  check({ dask, jupyterhub, htcondor }): Finding[] {
    if (!dask || (jupyterhub && htcondor)) return [];
    const expected = `no Dask over HTCondor without ${htcondor ? 'jupyterhub' : 'htcondor'}`;
    return [{ path: PATH, expected, got: 'overHTCondor', fix: { kind: 'remove', path: ['dask'] } }];
  },
};

export const daskPools: SiteRule = {
  id: 'AF-HTC-21',
  why: "A worker of Dask that starts where there is no Dask ends at once, and on workers for GPU jobs it never starts: the user's cluster stays empty.",
  check({ dask, htcondor, images }) {
    if (!dask || !htcondor) return [];
    const { executePools } = htcondor;
    const cpu = executePools.filter(({ slot }) => !slot.gpus);
    const fit = cpu.filter(({ image }) => image !== undefined).map(({ name }) => name);
    const candidates = fit.length > 0 ? fit : cpu.map(({ name }) => name);
    return dask.overHTCondor.executePools.flatMap((name, position): Finding[] => {
      const path = [...PATH, 'executePools', position];
      const at = executePools.findIndex((pool) => pool.name === name);
      const pool = executePools[at];
      if (!pool || pool.slot.gpus) {
        const what = 'a group of htcondor.executePools that takes jobs without GPUs';
        return unknownReference({
          name,
          path,
          candidates,
          what,
          otherwise: { kind: 'remove', path: ['dask'] },
        });
      }
      if (pool.image !== undefined) return [];
      const [first] = images;
      const image = ['htcondor', 'executePools', at, 'image'];
      return [
        {
          path,
          expected: `a group whose image has Dask: ${first ? 'htcondor.executePools[].image names one of the catalogue' : 'there is no catalogue of images yet'}`,
          got: `${JSON.stringify(name)}, which runs the image of HTCondor`,
          fix: first
            ? { kind: 'add', path: image, value: first.name, example: true }
            : { kind: 'remove', path: ['dask'] },
        },
      ];
    });
  },
};

export const executeImages: SiteRule = {
  id: 'AF-REF-22',
  why: 'Workers whose image nobody has declared cannot start.',
  check: ({ htcondor, images }) =>
    (htcondor?.executePools ?? []).flatMap(({ image }, index): Finding[] => {
      if (image === undefined) return [];
      const path = ['htcondor', 'executePools', index, 'image'];
      const candidates = images.map(({ name }) => name);
      const what = 'an image of the catalogue';
      return unknownReference({ name: image, path, candidates, what, otherwise: { kind: 'remove', path } });
    }),
};
