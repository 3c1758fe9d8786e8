import { allowedGroups, callbackUrl } from '../hub-plan';
import type { Finding } from '../problem';
import type { SiteRule } from '../rule';

export const hubLogin: SiteRule = {
  id: 'AF-JH-01',
  why: 'A hub without a log-in service has nobody who could log in.',
  check({ identity, jupyterhub }) {
    if (!jupyterhub || identity) return [];
    const value = { login: { issuer: 'https://iam.example.org/', allow: { groups: ['/af/users'] } } };
    return [
      {
        path: ['identity'],
        expected: 'a log-in service, because there is a hub',
        got: 'nothing',
        fix: { kind: 'add', path: ['identity'], value, example: true },
      },
    ];
  },
};

export const allowList: SiteRule = {
  id: 'AF-JH-02',
  why: 'Where no group is allowed, nobody may log in; it never means everybody.',
  check(site) {
    if (!site.identity || allowedGroups(site).length > 0) return [];
    const stated = site.identity.login.allow;
    const path = ['identity', 'login', 'allow', ...(stated ? ['groups'] : [])];
    const value = stated ? ['/af/users'] : { groups: ['/af/users'] };
    return [
      {
        path,
        expected: 'at least one group whose members may log in',
        got: stated ? 'an empty list' : 'nothing, and no experiment with groups.members',
        fix: { kind: 'set', path, value, example: true },
      },
    ];
  },
};

export const callbackHost: SiteRule = {
  id: 'AF-JH-03',
  why: 'The log-in service refuses every log-in whose redirect URI is not exactly that of the client.',
  check({ identity, jupyterhub }) {
    const stated = identity?.login.callbackUrl;
    if (!jupyterhub || stated === undefined || stated === callbackUrl(jupyterhub)) return [];
    const path = ['identity', 'login', 'callbackUrl'];
    const value = callbackUrl(jupyterhub);
    return [
      {
        path,
        expected: `the redirect URI of the entrance of the hub, ${value}`,
        got: stated,
        fix: { kind: 'set', path, value },
        before: 'register it for the client at the log-in service',
      },
    ];
  },
};

/** Without the first there is no user, without the second no refresh: sessions would end with their first token. */
const NEEDED = ['openid', 'offline_access'];

export const loginScopes: SiteRule = {
  id: 'AF-JH-04',
  why: 'Without openid the service does not say who has logged in; without offline_access a session ends with its first token.',
  check({ identity }): Finding[] {
    const scopes = identity?.login.scopes ?? NEEDED;
    const missing = NEEDED.filter((scope) => !scopes.includes(scope));
    if (missing.length === 0) return [];
    const path = ['identity', 'login', 'scopes'];
    return [
      {
        path,
        expected: `scopes with ${missing.join(' and ')}`,
        got: scopes.length === 0 ? 'an empty list' : scopes.join(', '),
        fix: { kind: 'set', path, value: [...scopes, ...missing] },
      },
    ];
  },
};
