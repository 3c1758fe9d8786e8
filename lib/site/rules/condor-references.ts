import type { Finding, Path } from '../problem';
import type { SiteRule } from '../rule';
import { unknownReference } from './reference';

export const condorReferences: SiteRule = {
  id: 'AF-HTC-06',
  why: 'Workers that are kept for an experiment nobody knows take no job, and an issuer that is not there signs no certificate.',
  check({ experiments, certificates, htcondor }) {
    const known = experiments.map(({ name }) => name);
    const experiment = (name: string, path: Path, entry: Path): Finding[] =>
      unknownReference({
        name,
        path,
        candidates: known,
        what: 'an experiment',
        otherwise: { kind: 'remove', path: entry },
      });
    const issuer = htcondor?.external?.issuer;
    const path = ['htcondor', 'external', 'issuer'];
    const subgroups = htcondor?.accounting.subgroups ?? [];
    return [
      ...(htcondor?.executePools ?? []).flatMap(({ start }, index) =>
        (start?.experiments ?? []).flatMap((name, position) =>
          experiment(
            name,
            ['htcondor', 'executePools', index, 'start', 'experiments', position],
            ['htcondor', 'executePools', index, 'start'],
          ),
        ),
      ),
      ...subgroups.flatMap((subgroup, index) => {
        const at = ['htcondor', 'accounting', 'subgroups', index];
        return experiment(subgroup.experiment, [...at, 'experiment'], at);
      }),
      ...(issuer === undefined
        ? []
        : unknownReference({
            name: issuer,
            path,
            candidates: (certificates?.issuers ?? []).map(({ name }) => name),
            what: 'an issuer of certificates.issuers',
            otherwise: { kind: 'remove', path },
          })),
    ];
  },
};
