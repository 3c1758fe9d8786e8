/** A network as numbers. */
interface Network {
  readonly first: bigint;
  readonly last: bigint;
  readonly bits: 32 | 128;
}

/** Whether two networks in CIDR notation have an address in common. */
export function overlap(a: string, b: string): boolean {
  const [x, y] = [network(a), network(b)];
  return x.bits === y.bits && x.first <= y.last && y.first <= x.last;
}

/** Addresses that nodes of a network can have; in IPv4 neither its first nor its last one. */
export function size(cidr: string): bigint {
  const { first, last, bits } = network(cidr);
  const all = last - first + 1n;
  return bits === 32 && all > 2n ? all - 2n : all;
}

/** The first address of a network that a host can have. */
export function firstHost(cidr: string): string {
  const { first, last, bits } = network(cidr);
  const host = last - first > 1n ? first + 1n : first;
  return bits === 32 ? ipv4Text(host) : ipv6Text(host);
}

/** The network with its host bits cleared: `10.244.3.0/16` is `10.244.0.0/16`. */
export function canonical(cidr: string): string {
  const [, length = ''] = cidr.split('/');
  const { first, bits } = network(cidr);
  return `${bits === 32 ? ipv4Text(first) : ipv6Text(first)}/${length}`;
}

function network(cidr: string): Network {
  const [address = '', length = '0'] = cidr.split('/');
  const bits = address.includes(':') ? 128 : 32;
  const size = 1n << BigInt(bits - Number(length));
  const value = bits === 128 ? ipv6(address) : ipv4(address);
  const first = value - (value % size);
  return { first, last: first + size - 1n, bits };
}

function ipv4(address: string): bigint {
  return address.split('.').reduce((value, part) => value * 256n + BigInt(part), 0n);
}

function ipv6(address: string): bigint {
  const [head = '', tail] = address.split('::');
  const parts = (text: string) => (text === '' ? [] : text.split(':'));
  const [front, back] = [parts(head), parts(tail ?? '')];
  const zeros = tail === undefined ? [] : Array<string>(8 - front.length - back.length).fill('0');
  return [...front, ...zeros, ...back].reduce(
    (value, part) => value * 65_536n + BigInt(`0x${part === '' ? '0' : part}`),
    0n,
  );
}

function ipv4Text(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
}

function ipv6Text(value: bigint): string {
  const parts = Array.from({ length: 8 }, (_, index) =>
    ((value >> BigInt(112 - 16 * index)) & 65_535n).toString(16),
  );
  return parts.join(':').replace(/(?:^|:)0(?::0)+(?::|$)/, '::');
}
