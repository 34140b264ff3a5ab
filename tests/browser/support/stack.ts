// Everything that bin/run starts, in a folder that is thrown away: the server with table, stream function, user pool and
// its function, the directory, the back end with the page.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, Program, run } from './process';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const stator = path.resolve(root, process.env['STATOR_BIN'] ?? 'build/release/stator');
const cruddur = path.join(path.dirname(stator), 'cruddur');
const web = path.join(root, 'build/web/messages');
const FAKETIME = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';

export class Stack {
  private readonly server: Program;
  private readonly backEnd: Program;
  private aheadSeconds = 0;

  private constructor(
    private readonly folder: string,
    readonly endpoint: string,
    readonly page: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {
    const port = (url: string) => new URL(url).port;
    const data = path.join(folder, 'data');
    this.server = new Program(stator, ['serve', '--port', port(endpoint), '--data', data, '--test-controls'], environment, /^stator: listening on /);
    this.backEnd = new Program(cruddur, ['serve', '--port', port(page), '--web', web], environment, /^cruddur: listening on /);
  }

  static async start(): Promise<Stack> {
    // Not in /tmp: functions see that as an empty folder, and one of them writes to the directory.
    await mkdir(path.join(root, 'build/browser'), { recursive: true });
    const folder = await mkdtemp(path.join(root, 'build/browser/run-'));
    const endpoint = `http://127.0.0.1:${await freePort()}`;
    const page = `http://127.0.0.1:${await freePort()}`;
    const stack = new Stack(folder, endpoint, page, {
      ...process.env,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: endpoint,
      DATABASE_URL: `sqlite://${folder}/directory.sqlite3`,
    });
    await stack.startServer();
    await stack.prepare();
    await stack.startBackEnd();
    return stack;
  }

  /** At the same address, with the same data, as late as it was before. */
  async startServer(): Promise<void> {
    await this.server.start();
    if (this.aheadSeconds > 0) await this.advance(this.aheadSeconds);
  }

  async startBackEnd(): Promise<void> {
    await this.backEnd.start(this.aheadSeconds > 0 ? { LD_PRELOAD: FAKETIME, FAKETIME: `+${this.aheadSeconds}s`, FAKETIME_DONT_FAKE_MONOTONIC: '1' } : {});
  }

  async kill(): Promise<void> {
    await this.backEnd.stop('SIGKILL');
    await this.server.stop('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.backEnd.stop();
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** A command of the application, on this installation; what it prints. */
  cruddur(...args: string[]): Promise<string> {
    return run(cruddur, args, this.environment);
  }

  get clientId(): string {
    return this.environment['AWS_COGNITO_USER_POOL_CLIENT_ID'] ?? '';
  }

  /** Two hours go by for the server and the back end; not for the browser, whose clock nobody here can rely on. */
  async letTimePass(): Promise<void> {
    const seconds = 2 * 60 * 60;
    await this.advance(seconds);
    this.aheadSeconds += seconds;
    await this.backEnd.stop();
    await this.startBackEnd();
  }

  /** The newest code that the pool would have mailed to this address. */
  async code(email: string): Promise<string> {
    const answer = await fetch(`${this.endpoint}/_stator/outbox`);
    const { messages } = (await answer.json()) as { messages: Record<string, unknown>[] };
    const mail = messages.filter((one) => JSON.stringify(one).includes(email)).at(-1);
    const code = mail && String(mail['code'] ?? '');
    if (!code) throw new Error(`no code for ${email} among ${JSON.stringify(messages)}`);
    return code;
  }

  private async advance(seconds: number): Promise<void> {
    const answer = await fetch(`${this.endpoint}/_stator/test/clock`, { method: 'POST', body: JSON.stringify({ advance_seconds: seconds }) });
    if (!answer.ok) throw new Error(`the clock did not step: ${await answer.text()}`);
  }

  private async prepare(): Promise<void> {
    await this.cruddur('ddb', 'schema-load', '--quiet');
    await this.cruddur('db', 'setup');
    await this.cruddur('ddb', 'seed', '--quiet');
    const pool = JSON.parse(await this.cruddur('cognito', 'setup', '--json')) as Record<string, string>;
    for (const name of ['AWS_COGNITO_USER_POOL_ID', 'AWS_COGNITO_USER_POOL_CLIENT_ID']) this.environment[name] = pool[name];
    await this.cruddur('db', 'update-cognito-user-ids');
    await this.cruddur('functions', 'install', '--quiet');
  }
}
