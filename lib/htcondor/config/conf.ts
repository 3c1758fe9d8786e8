/** One file of a daemon's configuration: a comment that says what it is about, and its lines. */
export function conf(about: string, lines: readonly string[]): string {
  return `# ${about}\n${lines.join('\n')}\n`;
}

/** Text inside a quoted ClassAd string. */
export function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
