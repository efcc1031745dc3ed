/** Returns the eight groups of an IPv6 address that `isIPv6` takes, whatever the spelling; its zone is no part of it. */
export function ipv6Groups(address: string): number[] {
  const [head = '', tail] = address.split('%', 1)[0]!.split('::');
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const zeros = new Array<number>(8 - front.length - back.length).fill(0);
  return [...front, ...zeros, ...back];
}

function groups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((part) => {
    if (!part.includes('.')) return [Number.parseInt(part, 16)];
    const [a, b, c, d] = part.split('.').map(Number);
    return [(a! << 8) | b!, (c! << 8) | d!];
  });
}
