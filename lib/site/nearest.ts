import { distance } from 'fastest-levenshtein';

const plain = (word: string) => word.toLowerCase().replace(/[-_\s.]/g, '');

/** Letters that are to be changed; letters in another order count as one mistake. */
function away(typed: string, candidate: string): number {
  const [a, b] = [plain(typed), plain(candidate)];
  const sorted = (word: string) => Array.from(word).sort().join('');
  return a !== b && sorted(a) === sorted(b) ? 1 : distance(a, b);
}

/** Candidates, the most similar first. */
export function byDistance(typed: string, candidates: readonly string[]): readonly string[] {
  const distances = new Map(candidates.map((candidate) => [candidate, away(typed, candidate)]));
  return [...candidates].sort(
    (a, b) => (distances.get(a) ?? 0) - (distances.get(b) ?? 0) || (a < b ? -1 : 1),
  );
}

/** The candidate that a typo most likely stands for; undefined where none is near. */
export function nearest(typed: string, candidates: readonly string[]): string | undefined {
  const [best] = byDistance(typed, candidates);
  if (best === undefined) return undefined;
  return away(typed, best) <= Math.max(1, Math.floor(plain(typed).length / 3)) ? best : undefined;
}

/** The same, or the only candidate that has the word in it, or is in it. */
export function similar(typed: string, candidates: readonly string[]): string | undefined {
  const word = plain(typed);
  const within = candidates.filter((candidate) => {
    const other = plain(candidate);
    return Math.min(word.length, other.length) >= 3 && (other.includes(word) || word.includes(other));
  });
  return nearest(typed, candidates) ?? (within.length === 1 ? within[0] : undefined);
}

/** Whether two words differ in case, dashes, dots, underscores and spaces only. */
export function sameLetters(a: string, b: string): boolean {
  return plain(a) === plain(b);
}
