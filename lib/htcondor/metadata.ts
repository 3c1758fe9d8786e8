import type { k8s } from 'cdk8s-plus-27';
import { EXECUTE_NAMESPACE, NAMESPACE } from './release';

export type Role = 'central-manager' | 'access-point' | 'execute' | 'exporter';

/** A workload of the pool: its role, and its own name where a role has several. */
export interface Member {
  readonly role: Role;
  /** Name that the site gives it. @default the role has one */
  readonly name?: string;
}

export const CENTRAL_MANAGER: Member = { role: 'central-manager' };

export const EXPORTER_MEMBER: Member = { role: 'exporter' };

/** Name of the objects of a workload: `access-point-ap1`. */
export function objectName({ role, name }: Member): string {
  return name === undefined ? role : `${role}-${name}`;
}

export function namespaceOf({ role }: Member): string {
  return role === 'execute' ? EXECUTE_NAMESPACE : NAMESPACE;
}

const NAMED: Readonly<Record<Exclude<Role, 'exporter'>, string>> = {
  'central-manager': 'analysis-facility/central-manager',
  'access-point': 'analysis-facility/access-point',
  execute: 'analysis-facility/execute-pool',
};

/** Labels by which Services, policies and budgets find the pods. */
export function selector({ role, name }: Member): Record<string, string> {
  return {
    'app.kubernetes.io/name': 'htcondor',
    'app.kubernetes.io/component': role,
    // Not app.kubernetes.io/instance, which Argo CD may write for itself.
    ...(name === undefined || role === 'exporter' ? {} : { [NAMED[role]]: name }),
  };
}

export function metadata(member: Member, suffix = ''): k8s.ObjectMeta {
  return {
    name: `${objectName(member)}${suffix}`,
    namespace: namespaceOf(member),
    labels: selector(member),
  };
}

/** Full name of a Service: daemons name themselves by it, so it must not depend on who looks it up. */
export function serviceHost(member: Member, clusterDomain: string): string {
  return `${objectName(member)}.${namespaceOf(member)}.svc.${clusterDomain}`;
}
