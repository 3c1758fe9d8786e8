import type { Site } from '../../lib/site/schema';
import { componentsInOrder, objectsOf } from '../api/dist';
import type { NetworkPlan } from '../cluster/network';
import { upReal } from '../cluster/real';
import { applyDist } from '../cluster/suite';
import { outsideClient, waitForPool } from '../htcondor/bench';
import type { Client } from '../htcondor/client';
import { startIssuers, type Issuers } from '../htcondor/issuers';
import { poolOf, type Pool } from '../htcondor/pool';
import { makeSecrets } from '../htcondor/secrets';
import { hubAnswers, makeHubSecret, startGateway, startWorldOf } from '../jupyterhub/facility';
import { HOSTS, type World } from '../jupyterhub/world';
import { define, definitionsFor } from '../suite/definitions';

/** A site with its pool and its hub, and who is outside of it. */
export interface WholeFacility {
  readonly site: Site;
  readonly network: NetworkPlan;
  readonly world: World;
  readonly pool: Pool;
  readonly issuers: Issuers;
  /** A machine outside of the cluster, from which jobs are sent. */
  readonly client: Client;
}

/** Components of dist that cannot run here, each with the reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  longhorn:
    'its manager needs iSCSI in the kernel: another driver answers to its name, with the classes of dist',
  argocd: 'the suite applies in the order of waves, as Argo CD does',
};

/** Brings up all of a site's dist that can run here, unmodified and in the order of waves. */
export async function startWholeFacility(site: Site, say: (text: string) => void): Promise<WholeFacility> {
  const { name } = site.site;
  const components = componentsInOrder(name).filter((component) => !(component in LEFT_OUT));
  say(`${name}: ${components.join(', ')}`);
  for (const [component, reason] of Object.entries(LEFT_OUT)) say(`not ${component}: ${reason}`);
  const network = await upReal(site, { extras: site.spark ? ['spark'] : [] }, say);
  startGateway(site);
  await define(definitionsFor(components.flatMap((component) => objectsOf(name, component))));
  const issuers = await startIssuers(site);
  const { world } = await startWorldOf(site, network);
  try {
    const [first = '', ...others] = components;
    await applyDist(name, [first]);
    makeSecrets(site);
    makeHubSecret(site, world);
    await applyDist(name, others);
    const pool = poolOf(site);
    const client = outsideClient(pool, network, HOSTS.length);
    await waitForPool({ pool, client });
    await hubAnswers(world);
    return { site, network, world, pool, issuers, client };
  } catch (error) {
    world.stop();
    throw error;
  }
}
