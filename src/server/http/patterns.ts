/** Returns whether text is one of the patterns, in which `*` stands for any run of characters; case does not count. */
export function createMatcher(patterns: readonly string[]): (text: string) => boolean {
  const exact = new Set(patterns.map((pattern) => pattern.toLowerCase()));
  const wild = [...exact].filter((pattern) => pattern.includes('*')).map((pattern) => pattern.split('*'));
  return (text) => {
    const lower = text.toLowerCase();
    return exact.has(lower) || wild.some((parts) => matches(parts, lower));
  };
}

/** Leftmost matches of each part in turn find a match where there is one, in time that grows with the text's length alone. */
function matches(parts: readonly string[], text: string): boolean {
  const first = parts[0]!;
  const last = parts.at(-1)!;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

/** Returns the patterns of a comma-separated setting; undefined when it is not set. */
export function readPatterns(setting: string | undefined): readonly string[] | undefined {
  const patterns = setting
    ?.split(',')
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '');
  return patterns?.length ? patterns : undefined;
}
