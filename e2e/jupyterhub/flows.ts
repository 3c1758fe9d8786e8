import { inPod } from '../cluster/suite';
import type { Container } from './pods';

/** One try of a connection. */
export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly open: boolean;
  readonly expected: boolean;
}

const SECONDS = 3;

const PYTHON = `import socket,sys
try: socket.create_connection((sys.argv[1],int(sys.argv[2])),${String(SECONDS)}).close(); print("open")
except OSError as error: print("closed:", error)`;

const NODE = `const s=require("net").connect(+process.argv[2],process.argv[1]);
s.setTimeout(${String(SECONDS * 1000)},()=>{console.log("closed: timed out");process.exit()});
s.on("connect",()=>{console.log("open");process.exit()});s.on("error",e=>{console.log("closed:",e.code);process.exit()});`;

/** Tries a connection with the program that the container is there for. */
export function isOpen({ namespace, pod, container }: Container, host: string, port: number): boolean {
  const program = container === 'chp' ? ['node', '-e', NODE] : ['python3', '-c', PYTHON];
  const { out, err } = inPod(namespace, pod, container, [...program, host, String(port)]);
  if (out.startsWith('open')) return true;
  if (out.startsWith('closed')) return false;
  throw new Error(`${pod} cannot try a connection: ${out}${err}`);
}

/** For people. */
export function flowTable(flows: readonly Flow[]): string {
  const width = (key: 'from' | 'to') => Math.max(...flows.map((flow) => flow[key].length));
  return flows
    .map(({ from, to, open, expected }) =>
      [
        from.padEnd(width('from')),
        to.padEnd(width('to')),
        open ? 'open' : 'refused',
        open === expected ? '' : '<-- not as it should be',
      ]
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
