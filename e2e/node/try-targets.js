// Tries targets from the network namespace that it is started in: argument 1 is a list of [address, port, protocol],
// the answer a list of true (something answered, if only that nobody listens) and false (nothing came back).
const net = require('node:net');
const dgram = require('node:dgram');

const PATIENCE = 1000;

function tcp(address, port) {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: address, port });
    const end = (answer) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(end, PATIENCE, false);
    socket.on('connect', () => end(true));
    socket.on('error', (error) =>
      error.code === 'ECONNREFUSED' ? end(true) : error.code === 'ECONNRESET' ? end(true) : reject(error),
    );
  });
}

// Who listens may keep silent; so only ports without a listener, and DNS, can be tried.
function udp(address, port) {
  return new Promise((resolve) => {
    const socket = dgram.createSocket('udp4');
    const end = (answer) => {
      clearTimeout(timer);
      clearInterval(again);
      socket.close();
      resolve(answer);
    };
    const timer = setTimeout(end, PATIENCE, false);
    // A question for the root's name servers.
    const question = Buffer.from('000101000001000000000000' + '00' + '0002' + '0001', 'hex');
    const again = setInterval(() => socket.send(question, () => undefined), PATIENCE / 5);
    socket.on('error', () => end(true));
    socket.on('message', () => end(true));
    socket.connect(port, address, () => socket.send(question, () => undefined));
  });
}

const targets = JSON.parse(process.argv[2]);
Promise.all(targets.map(([address, port, protocol]) => (protocol === 'UDP' ? udp : tcp)(address, port))).then(
  (answers) => console.log(JSON.stringify(answers)),
  (error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
