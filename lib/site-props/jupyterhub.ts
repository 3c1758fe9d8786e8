import type { NeededSecret } from '../kubernetes/needed-secret';
import type { ConfigurationProps } from '../jupyterhub/configuration';
import type { Entrance } from '../jupyterhub/entrance';
import type { JupyterHubProps } from '../jupyterhub/jupyterhub';
import type { HubPrograms } from '../jupyterhub/hub';
import type { LoginProps } from '../jupyterhub/login';
import type { Examples } from '../jupyterhub/pool-access';
import { hubSecret } from '../jupyterhub/needed-secrets';
import type { NodeGroup } from '../jupyterhub/placement';
import { NAMESPACE, SCHEDULERS, USERS_NAMESPACE } from '../jupyterhub/release';
import type { UserSchedulerProps } from '../jupyterhub/user-scheduler';
import { allowedGroups, callbackUrl, entranceHost, tlsIssuer } from '../site/hub-plan';
import type { Site } from '../site/schema';
import type { JupyterHub } from '../site/schema/jupyterhub';
import { clusterNetwork, pullSecrets } from './cluster';
import { dataEgress, hubExperiments } from './experiments';
import { nodeGroup, profiles, sharedClaims, sharedVolumes } from './notebooks';
import { poolAccess, poolAccessSecrets } from './pool-access';
import { sparkOffer } from './spark';

/** Texts of programs and examples that the hub and its notebooks carry. */
export interface HubTexts extends HubPrograms {
  readonly start: string;
  readonly examples: Examples;
}

export function jupyterhubProps(site: Site, jupyterhub: JupyterHub, texts: HubTexts): JupyterHubProps {
  const { cluster, identity } = site;
  const login = identity?.login;
  if (!login) throw new Error('rule AF-JH-01 lets no hub through without identity.login');
  const { podCIDRs, serviceCIDRs, nodeCIDRs, imagePullSecrets } = cluster;
  const { database, secret, resources } = jupyterhub.hub;
  return {
    hub: {
      programs: { config: texts.config, tokens: texts.tokens, page: texts.page },
      configuration: configuration(site, jupyterhub),
      secret,
      database: {
        size: database.size,
        ...(database.class === undefined ? {} : { storageClass: database.class }),
      },
      resources,
      coreNodes: coreNodes(site),
      imagePullSecrets,
    },
    proxy: jupyterhub.proxy,
    entrance: entranceProps(site, jupyterhub),
    cluster: clusterNetwork(site),
    network: {
      ownNetworks: [...podCIDRs, ...serviceCIDRs, ...nodeCIDRs],
      issuer: {
        port: Number(/:(\d+)(?:\/|$)/.exec(login.issuer)?.[1] ?? 443),
        privateNetworks: login.privateNetworks,
      },
      notebookEgress: [...jupyterhub.egress, ...dataEgress(site)],
    },
    notebookFiles: { startProgram: texts.start, examples: texts.examples },
    sharedClaims: sharedClaims(site),
  };
}

function configuration(site: Site, jupyterhub: JupyterHub): ConfigurationProps {
  const { storage, cluster } = site;
  const home = storage?.home;
  if (!home) throw new Error('rule AF-JH-10 lets no hub through without storage.home');
  const { idle, every, maxAge } = jupyterhub.cull;
  const pool = poolAccess(site);
  return {
    host: entranceHost(jupyterhub),
    login: loginProps(site, jupyterhub),
    profiles: profiles(site, jupyterhub),
    home: {
      storageClass: home.class,
      accessMode:
        storage.longhorn.classes.find(({ name }) => name === home.class)?.accessMode ?? 'ReadWriteOnce',
      size: home.size,
      mountPath: home.mountPath,
    },
    sharedVolumes: sharedVolumes(site),
    limits: jupyterhub.limits,
    cull: {
      idleSeconds: idle.seconds,
      everySeconds: every.seconds,
      ...(maxAge ? { maxAgeSeconds: maxAge.seconds } : {}),
    },
    imagePullSecrets: cluster.imagePullSecrets,
    userScheduler: jupyterhub.userScheduler,
    experiments: hubExperiments(site),
    ...(pool ? { pool } : {}),
    ...(site.spark ? { spark: sparkOffer(site, site.spark) } : {}),
  };
}

function loginProps(site: Site, jupyterhub: JupyterHub): LoginProps {
  const login = site.identity?.login;
  if (!login) throw new Error('rule AF-JH-01 lets no hub through without identity.login');
  const { issuer, scopes, usernameClaim, groupsClaim, adminGroups } = login;
  const { displayName, contacts } = site.site;
  return {
    issuer,
    callbackUrl: login.callbackUrl ?? callbackUrl(jupyterhub),
    scopes,
    usernameClaim,
    groupsClaim,
    allowedGroups: allowedGroups(site),
    adminGroups,
    facility: displayName,
    contact: contacts.alerts ?? contacts.security,
  };
}

function coreNodes({ nodePools }: Site): NodeGroup[] {
  return nodePools.filter(({ roles }) => roles.includes('core')).map(nodeGroup);
}

function entranceProps(site: Site, { entrance }: JupyterHub): Entrance {
  if (entrance.kind === 'nodePort')
    return { kind: 'nodePort', host: entrance.tlsFront.host, port: entrance.port };
  const { ingress } = site.cluster;
  if (!ingress)
    throw new Error('rule AF-NET-03 lets no entrance of kind ingress through without cluster.ingress');
  const { dataPlaneNamespace } = ingress;
  if (ingress.kind === 'gateway')
    return { kind: 'gateway', host: entrance.host, gateway: ingress.gateway, dataPlaneNamespace };
  const issuer = tlsIssuer(site, entrance);
  if (issuer === undefined) throw new Error('rule AF-CM-60 lets no Ingress through without an issuer');
  const { className } = ingress;
  return { kind: 'ingress', host: entrance.host, className, issuer, dataPlaneNamespace };
}

export function userSchedulerProps(site: Site): UserSchedulerProps {
  const image = SCHEDULERS[site.cluster.kubernetesVersion];
  if (image === undefined) throw new Error('rule AF-JH-13 lets no user scheduler through without its image');
  return {
    cluster: clusterNetwork(site),
    image,
    coreNodes: coreNodes(site),
    imagePullSecrets: site.cluster.imagePullSecrets,
  };
}

export function jupyterhubSecrets(site: Site, { hub }: JupyterHub): NeededSecret[] {
  return [
    hubSecret(hub.secret),
    ...poolAccessSecrets(site),
    ...pullSecrets(site, NAMESPACE),
    ...pullSecrets(site, USERS_NAMESPACE),
  ];
}
