/**
 * Which hops between Longhorn releases are allowed.
 *
 * The manager checks the same at start and refuses to run, but by then Argo CD has replaced it on every node.
 *
 * @see https://longhorn.io/docs/1.12.1/deploy/upgrade/#upgrade-path-enforcement-and-downgrade-prevention
 */
export type UpgradePath =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      readonly reason: string;
      /** Releases from the running to the target one; empty where no way leads there. */
      readonly path: readonly string[];
    };

interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** Both versions with or without the leading `v`. */
export function upgradePath(running: string, target: string): UpgradePath {
  const [from, to] = [parseVersion(running), parseVersion(target)];
  if (!from) return refused(`"${running}" is not a release of Longhorn such as 1.11.2`);
  if (!to) return refused(`"${target}" is not a release of Longhorn such as 1.11.2`);
  if (isOlder(to, from))
    return refused(`${text(to)} is older than ${text(from)}, and Longhorn cannot be downgraded`);
  if (from.major !== to.major) {
    return refused(`Longhorn states no way from major version ${String(from.major)} to ${String(to.major)}`);
  }
  if (to.minor - from.minor <= 1) return { allowed: true };
  const path = [
    text(from),
    ...between(from, to).map((minor) => `${String(from.major)}.${String(minor)}.x`),
    text(to),
  ];
  return {
    allowed: false,
    reason: `Longhorn cannot skip a minor version; the way is ${path.join(' -> ')}`,
    path,
  };
}

function parseVersion(given: string): Version | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)$/.exec(given);
  if (!match) return undefined;
  const [major = 0, minor = 0, patch = 0] = match.slice(1).map(Number);
  return { major, minor, patch };
}

function isOlder(a: Version, b: Version): boolean {
  if (a.major !== b.major) return a.major < b.major;
  return a.minor === b.minor ? a.patch < b.patch : a.minor < b.minor;
}

function between(from: Version, to: Version): number[] {
  return Array.from({ length: to.minor - from.minor - 1 }, (_, index) => from.minor + 1 + index);
}

function text({ major, minor, patch }: Version): string {
  return `${String(major)}.${String(minor)}.${String(patch)}`;
}

function refused(reason: string): UpgradePath {
  return { allowed: false, reason, path: [] };
}
