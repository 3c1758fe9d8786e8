import type { WebSocket } from 'ws';
import type { Browser } from './browser';

/** What one cell gave. */
export interface Output {
  readonly printed: string;
  /** What of it went to the standard output: libraries write to the other one. */
  readonly out: string;
  /** The value of the last line as text, where it has one. */
  readonly result: string;
}

/** A kernel of somebody's notebook, reached as the pages of JupyterLab reach it. */
export class Kernel {
  private cells = 0;

  private constructor(
    private readonly browser: Browser,
    private readonly own: URL,
    private readonly socket: WebSocket,
    private readonly session: string,
  ) {}

  /** @param notebook address of the user's server, with a slash at its end */
  static async start(browser: Browser, notebook: URL): Promise<Kernel> {
    const kernels = new URL('api/kernels', notebook);
    const made = await browser.call(kernels, { json: {} });
    if (made.status !== 201) throw new Error(`no kernel: ${String(made.status)} ${made.text}`);
    const { id } = JSON.parse(made.text) as { readonly id: string };
    const own = new URL(`${kernels.pathname}/${id}`, notebook);
    const socket = await browser.socket(new URL(`wss://${own.host}${own.pathname}/channels`));
    return new Kernel(browser, own, socket, id);
  }

  /** Runs a cell; an error of it is thrown with what was printed before. */
  async run(code: string): Promise<Output> {
    this.cells += 1;
    const header = {
      msg_id: `cell-${String(this.cells)}`,
      msg_type: 'execute_request',
      username: '',
      session: this.session,
      version: '5.3',
    };
    const content = { code, silent: false, store_history: false, allow_stdin: false };
    const { socket } = this;
    return new Promise((resolve, reject) => {
      let printed = '';
      let out = '';
      let result = '';
      const end = (settle: () => void) => {
        socket.off('close', closed).off('error', fail).off('message', receive);
        settle();
      };
      const fail = (error: Error) => {
        end(() => {
          reject(error);
        });
      };
      const closed = () => {
        fail(new Error(`the kernel's socket closed after ${printed}`));
      };
      const receive = (data: Buffer) => {
        const {
          msg_type: type,
          parent_header: parent,
          content: said,
        } = JSON.parse(data.toString()) as Message;
        if (parent.msg_id !== header.msg_id) return;
        if (type === 'stream') printed += said.text ?? '';
        if (type === 'stream' && said.name === 'stdout') out += said.text ?? '';
        if (type === 'execute_result') result = said.data?.['text/plain'] ?? '';
        if (type === 'error') fail(new Error(`${printed}\n${(said.traceback ?? []).join('\n')}`));
        if (type === 'status' && said.execution_state === 'idle')
          end(() => {
            resolve({ printed, out, result });
          });
      };
      socket.on('close', closed).on('error', fail).on('message', receive);
      socket.send(JSON.stringify({ channel: 'shell', header, parent_header: {}, metadata: {}, content }));
    });
  }

  async end(): Promise<void> {
    this.socket.close();
    await this.browser.call(this.own, { method: 'DELETE' });
  }
}

interface Message {
  readonly msg_type: string;
  readonly parent_header: { readonly msg_id?: string };
  readonly content: {
    readonly name?: string;
    readonly text?: string;
    readonly data?: Readonly<Record<string, string>>;
    readonly traceback?: readonly string[];
    readonly execution_state?: string;
  };
}
