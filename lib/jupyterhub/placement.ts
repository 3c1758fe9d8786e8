/** A group of nodes that are alike, as pods are brought onto them. */
export interface NodeGroup {
  /** Labels that the nodes have and others lack. */
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly NodeTaint[];
}

export interface NodeTaint {
  readonly key: string;
  readonly value?: string | undefined;
  readonly effect: string;
}

export interface Toleration {
  readonly key: string;
  readonly operator: 'Equal' | 'Exists';
  readonly value?: string;
  readonly effect: string;
}

export interface NodeTerm {
  readonly matchExpressions: readonly {
    readonly key: string;
    readonly operator: 'In';
    readonly values: readonly string[];
  }[];
}

/** One toleration for each taint of the groups, each once. */
export function tolerations(groups: readonly NodeGroup[]): Toleration[] {
  const all = groups
    .flatMap(({ taints }) => taints)
    .map(({ key, value, effect }): Toleration => {
      return value === undefined || value === ''
        ? { key, operator: 'Exists', effect }
        : { key, operator: 'Equal', value, effect };
    });
  const texts = all.map((toleration) => JSON.stringify(toleration));
  return all.filter((_, index) => texts.indexOf(texts[index] ?? '') === index);
}

/** What selects the nodes of a group among others. */
export function nodeTerm({ labels }: NodeGroup): NodeTerm {
  return {
    matchExpressions: Object.entries(labels).map(([key, value]) => ({
      key,
      operator: 'In',
      values: [value],
    })),
  };
}
