// Programs that run while tests do: started on a free port, ready when they say so, stopped, killed, started again.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

export class Program {
  private child: ChildProcess | null = null;
  private said = '';

  constructor(
    private readonly command: string,
    private readonly args: string[],
    private readonly environment: NodeJS.ProcessEnv,
    private readonly ready: RegExp,
  ) {}

  /** Resolves when it has printed its ready line. `more` is added to its environment this time. */
  async start(more: NodeJS.ProcessEnv = {}): Promise<void> {
    const child = spawn(this.command, this.args, { env: { ...this.environment, ...more }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    child.stderr?.on('data', (data: Buffer) => {
      this.said = (this.said + data.toString()).slice(-20_000);
    });
    const lines = createInterface({ input: child.stdout! });
    const line = await Promise.race([
      once(lines, 'line').then(([text]) => String(text)),
      once(child, 'exit').then(() => null),
    ]);
    if (line === null || !this.ready.test(line)) throw new Error(`${this.command} did not start: ${line ?? ''}\n${this.said}`);
  }

  /** Resolves when it is gone. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.child;
    this.child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  /** The end of what it has said on stderr. */
  get log(): string {
    return this.said;
  }
}

export function run(command: string, args: string[], environment: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { env: environment, timeout: 120_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${[command, ...args].join(' ')}\n${stdout}${stderr}`));
      else resolve(stdout);
    });
  });
}
