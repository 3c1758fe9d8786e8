import type { HubExperiment } from '../jupyterhub/tokens';
import type { Site } from '../site/schema';
import type { ExperimentData } from '../site/schema/data';

/** Experiments as the hub knows them: who is in each, and where its data is. */
export function hubExperiments({ experiments }: Site): HubExperiment[] {
  return experiments.map(({ name, groups, data }) => ({
    name,
    ...(groups ? { groups: [groups.members, ...(groups.admins === undefined ? [] : [groups.admins])] } : {}),
    environment: data ? environment(data) : {},
  }));
}

/** AWS_ENDPOINT_URL_S3 is read by the SDKs themselves; nothing of XRootD reads a variable for a server. */
function environment({ xrootd, s3 }: ExperimentData): Record<string, string> {
  return {
    ...(xrootd ? { AF_XROOTD_REDIRECTOR: xrootd.redirector } : {}),
    ...(xrootd?.cache === undefined ? {} : { AF_XROOTD_CACHE: xrootd.cache }),
    ...(s3 ? { AWS_ENDPOINT_URL_S3: s3.endpoint } : {}),
    ...(s3?.bucket === undefined ? {} : { AF_S3_BUCKET: s3.bucket }),
  };
}

/** A network with the data of an experiment. */
export interface DataEgress {
  readonly cidrs: readonly string[];
  readonly ports: readonly number[];
  readonly reason: string;
}

/** Networks of data that the site declares, at the ports of the addresses. */
export function dataEgress({ experiments }: Site): DataEgress[] {
  return experiments.flatMap(({ name, data }) => [
    ...egress(
      `XRootD of ${name}`,
      data?.xrootd?.networks,
      [data?.xrootd?.redirector, data?.xrootd?.cache],
      1094,
    ),
    ...egress(`S3 of ${name}`, data?.s3?.networks, [data?.s3?.endpoint], 443),
  ]);
}

function egress(
  reason: string,
  cidrs: readonly string[] | undefined,
  addresses: readonly (string | undefined)[],
  usual: number,
): DataEgress[] {
  if (!cidrs) return [];
  const ports = addresses.flatMap((address) =>
    address === undefined ? [] : [Number(/:(\d+)(?:\/|$)/.exec(address)?.[1] ?? usual)],
  );
  return [{ cidrs, ports: [...new Set(ports)], reason }];
}
