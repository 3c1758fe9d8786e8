import { readPrograms } from '../../lib/commands/read-programs';
import type { KubernetesObject } from '../../lib/kubernetes/object';
import type { Site } from '../../lib/site/schema';
import { synthesise } from '../../lib/synthesise';
import { up } from '../cluster/cluster';
import { kubectl } from '../cluster/kubectl';
import { logEnd } from '../cluster/processes';
import { define, definitionsFor, definitionsOf } from '../suite/definitions';
import { eventually, say } from '../suite/look';
import { deployed, makeOutsideClasses } from '../suite/site';
import { lastLooks, NAMESPACE } from './applications';
import { startArgocd } from './argocd';
import type { GitServer } from './git-server';
import { BARE, commit, makeRepository, putDist, type Played } from './repository';
import { SiteFile } from './site-file';

const IN_CLUSTER = 'https://kubernetes.default.svc';

/** A site that a real Argo CD takes from a repository of its dist. */
export class ArgocdBench {
  readonly site: Site;
  readonly applications: readonly KubernetesObject[];
  /** All objects of dist but the Applications, whose state moves whenever Argo CD looks. */
  readonly settled: readonly KubernetesObject[];
  /** Components whose definitions come from upstream. */
  readonly definitions: readonly string[];
  private readonly played: Played;
  private readonly file: SiteFile;
  private server: GitServer | undefined;

  constructor(readonly name: string) {
    const { site, objects } = deployed(name);
    this.site = site;
    this.applications = objects.filter(({ kind }) => kind === 'Application');
    this.settled = objects.filter(({ kind }) => kind !== 'Application');
    this.definitions = this.names.flatMap((application) => /^crds-(.+)$/.exec(application)?.[1] ?? []);
    this.played = {
      site: name,
      revision: site.cluster.argocd.source.revision,
      url: new URL(site.cluster.argocd.source.url),
      definitions: Object.fromEntries(this.definitions.map((project) => [project, definitionsOf(project)])),
    };
    this.file = new SiteFile(name);
  }

  /** Of the Applications. */
  get names(): readonly string[] {
    return this.applications.map(({ metadata }) => metadata.name);
  }

  /** Applications that are synced in windows only. */
  get windowed(): readonly string[] {
    return this.site.site.maintenanceWindows.length > 0 ? ['cert-manager', 'longhorn'] : [];
  }

  /** Secrets that the site needs, with their keys. */
  get neededSecrets() {
    return synthesise(this.site, readPrograms()).neededSecrets;
  }

  /** Where the Applications of dist take it from. */
  get source() {
    const { url, revision } = this.played;
    return { repoURL: String(url), targetRevision: revision };
  }

  async start(): Promise<void> {
    const unplayed = this.unplayed();
    if (unplayed.length > 0)
      throw new Error(
        `${this.name}: this suite has no Argo CD with ${unplayed.join(', with ')}: E2E_SITE asks for another site`,
      );
    await up(this.site, say);
    kubectl(['create', 'namespace', NAMESPACE]);
    const brought = new Set(Object.values(this.played.definitions));
    const all = [...this.settled, ...this.applications];
    await define(definitionsFor(all).filter((each) => !brought.has(each)));
    makeOutsideClasses(all);
    makeRepository(this.played);
    this.server = await startArgocd(BARE, this.played.url.hostname);
    say(
      `${this.name}: substitutions: definitions of ${this.definitions.join(', ')} come from the repository and not from upstream; the suite plays cert-manager's controllers`,
    );
  }

  /** What a site may say of its Argo CD, and that of this suite is not. */
  private unplayed(): string[] {
    const { namespace, source, server, autoSync } = this.site.cluster.argocd;
    return [
      ...(namespace === NAMESPACE ? [] : [`the namespace ${namespace}`]),
      ...(source.url.startsWith('https:') ? [] : [`a source by ssh, ${source.url}`]),
      ...(server === IN_CLUSTER ? [] : [`another cluster, ${server}`]),
      ...(autoSync.prune && autoSync.selfHeal ? [] : ['a sync that does not prune or heal']),
    ];
  }

  stop(): void {
    this.server?.stop();
  }

  /** Changes a field of the site file, and commits what it gives. */
  change(field: readonly (string | number)[], value: unknown, message: string): void {
    this.file.set(field, value);
    this.file.withDist((dist) => {
      putDist(this.played, dist);
    });
    commit(message);
  }

  /** Waits until every Application was compared again, three times: only so an absence can be seen. */
  async threeLooks(): Promise<void> {
    const seen = new Map<string, Set<string>>();
    await comesTrue(120, () => {
      for (const [application, time] of lastLooks())
        seen.set(application, (seen.get(application) ?? new Set()).add(time));
      return [...seen]
        .filter(([, times]) => times.size < 4)
        .map(([application]) => `${application} was not looked at`);
    });
  }
}

/** Waits until there is nothing left to say, and otherwise shows what Argo CD says as well. */
export async function comesTrue(seconds: number, objections: () => readonly string[]): Promise<void> {
  const left = await eventually(seconds, objections);
  if (left.length > 0)
    throw new Error(
      `not within ${String(seconds)} s:\n${left.join('\n')}\n${logEnd('argocd-application-controller')}`,
    );
}
