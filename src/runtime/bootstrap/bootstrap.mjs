// Runs Node.js functions: one process, one event after the other, over the Lambda Runtime API.
//
// What a handler sees (context, console, callbacks, error objects) is as on AWS. Node's own modules only.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import util from 'node:util';
import { createRequire } from 'node:module';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';

const BASE = '/2018-06-01/runtime/';
const HANDLER = process.env._HANDLER ?? '';
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

// One connection, kept open. It holds the process only while a call is under way and no handler runs, so that an empty
// event loop can be told. When the server is gone, so are we.
class Api {
  constructor(address) {
    this.host = address;
    const [host, port] = address.split(':');
    this.buffer = Buffer.alloc(0);
    this.socket = net.connect({ host, port: Number(port), noDelay: true });
    this.socket.on('data', (piece) => this.#take(piece));
    this.socket.on('close', () => process.exit(1));
    this.socket.on('error', () => process.exit(1));
  }

  call(method, target, headers = '', body = Buffer.alloc(0)) {
    const head = `${method} ${BASE}${target} HTTP/1.1\r\nHost: ${this.host}\r\n${headers}Content-Length: ${body.length}\r\n\r\n`;
    this.socket.ref();
    this.socket.write(Buffer.concat([Buffer.from(head), body]));
    return new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  release() {
    this.socket.unref();
  }

  #take(piece) {
    this.buffer = this.buffer.length ? Buffer.concat([this.buffer, piece]) : piece;
    if (this.wanted && this.buffer.length < this.wanted) return;
    const end = this.buffer.indexOf('\r\n\r\n');
    if (end < 0) return;
    const lines = this.buffer.toString('latin1', 0, end).split('\r\n');
    const headers = {};
    for (const line of lines.slice(1)) {
      const colon = line.indexOf(':');
      headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    const size = end + 4 + Number(headers['content-length'] ?? 0);
    this.wanted = size;
    if (this.buffer.length < size) return;
    this.wanted = 0;
    const body = this.buffer.subarray(end + 4, size);
    this.buffer = this.buffer.subarray(size);
    this.resolve({ status: Number(lines[0].split(' ')[1]), headers, body });
  }
}

class Fault extends Error {
  constructor(type, message) {
    super(message);
    this.name = type;
  }
}

let requestId;

// One log event; what has several lines goes as a frame.
function log(level, text) {
  const line = `${new Date().toISOString()}\t${requestId}\t${level}\t${text}\n`;
  if (!text.includes('\n')) return process.stdout.write(line);
  const bytes = Buffer.from(line);
  process.stdout.write(Buffer.concat([Buffer.from('\x1eF' + bytes.length.toString(16).padStart(8, '0')), bytes]));
}

function patchConsole() {
  const levels = { log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR', debug: 'DEBUG', fatal: 'FATAL' };
  for (const [name, level] of Object.entries(levels)) console[name] = (...values) => log(level, util.format(...values));
  console.trace = (...values) => {
    const where = {};
    Error.captureStackTrace(where, console.trace);
    log('TRACE', `${util.format(...values)}\n${where.stack.split('\n').slice(1).join('\n')}`.trim());
  };
}

function isError(value) {
  return util.types.isNativeError(value) || (value && value.name && value.message && value.stack);
}

// The error object a caller receives.
function errorOf(value) {
  if (!isError(value)) {
    return { errorType: typeof value, errorMessage: typeof value === 'string' ? value : util.format(value), trace: [] };
  }
  return {
    errorType: value.name?.replaceAll('\x7f', '%7F'),
    errorMessage: value.message?.replaceAll('\x7f', '%7F'),
    trace: String(value.stack).replaceAll('\x7f', '%7F').split('\n'),
  };
}

function logError(what, value) {
  const { errorType, errorMessage, trace } = errorOf(value);
  const own = isError(value) ? { ...value } : {};
  delete own.name;
  delete own.message;
  let text;
  try {
    text = JSON.stringify({ errorType, errorMessage, ...own, stack: trace });
  } catch {
    text = JSON.stringify({ errorType, errorMessage, stack: trace });
  }
  log('ERROR', `${what} \t${text}`);
}

const errorHeaders = (error) =>
  `Content-Type: application/json\r\nLambda-Runtime-Function-Error-Type: ${String(error.errorType).replace(/[^\x20-\x7e]/g, '')}\r\n`;

async function readModule(root, name) {
  const base = path.resolve(process.env.LAMBDA_TASK_ROOT, root, name);
  const file = ['', '.js', '.mjs', '.cjs'].map((end) => base + end).find((p) => fs.statSync(p, { throwIfNoEntry: false })?.isFile());
  const require = createRequire(path.join(process.env.LAMBDA_TASK_ROOT, 'index.js'));
  try {
    if (file?.endsWith('.mjs')) return await import(pathToFileURL(file).href);
    if (!file) return require(require.resolve(name, { paths: [process.env.LAMBDA_TASK_ROOT, path.dirname(base)] }));
    try {
      return require(file);
    } catch (error) {
      if (error?.code !== 'ERR_REQUIRE_ESM' && error?.code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
      return await import(pathToFileURL(file).href);
    }
  } catch (error) {
    if (error instanceof SyntaxError) throw new Fault('Runtime.UserCodeSyntaxError', String(error));
    if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND') {
      throw new Fault('Runtime.ImportModuleError', String(error));
    }
    throw error;
  }
}

async function loadHandler() {
  if (HANDLER.includes('..')) {
    throw new Fault('Runtime.MalformedHandlerName', `'${HANDLER}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`);
  }
  const base = path.basename(HANDLER);
  const match = /^([^.]*)\.(.*)$/.exec(base);
  if (!match) throw new Fault('Runtime.MalformedHandlerName', 'Bad handler');
  const module = await readModule(HANDLER.slice(0, HANDLER.length - base.length), match[1]);
  const find = (from) => match[2].split('.').reduce((value, name) => value?.[name], from);
  const handler = find(module) ?? find(module.default);
  if (!handler) throw new Fault('Runtime.HandlerNotFound', `${HANDLER} is undefined or not exported`);
  if (typeof handler !== 'function') throw new Fault('Runtime.HandlerNotFound', `${HANDLER} is not a function`);
  return handler;
}

const parsed = (text) => (text ? JSON.parse(text) : undefined);

function contextOf(headers, settle) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const context = {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parsed(headers['lambda-runtime-client-context']),
    identity: parsed(headers['lambda-runtime-cognito-identity']),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    getRemainingTimeInMillis: () => Math.max(deadline - Date.now(), 0),
  };
  context.done = (error, result) => settle(error, result, false);
  context.succeed = (result) => settle(null, result, false);
  context.fail = (error) => settle(error ?? 'handled', undefined, false);
  return context;
}

// What an empty event loop means to the event under way: a callback's answer may go, or nobody will answer any more.
let whenEmpty;

function isStreaming(handler) {
  return handler[STREAMING] === 'response';
}

async function runStreaming(handler, event, context) {
  const stream = new PassThrough();
  const pieces = [];
  stream.setContentType = () => {};
  stream.on('data', (piece) => pieces.push(Buffer.from(piece)));
  const ended = new Promise((resolve, reject) => stream.on('end', resolve).on('error', reject));
  await handler(event, stream, context);
  if (!stream.writableEnded) stream.end();
  await ended;
  return Buffer.concat(pieces);
}

// Resolves to the answer's bytes, or rejects with what the handler threw.
function runHandler(handler, event, headers) {
  return new Promise((resolve, reject) => {
    let settled = false;
    const finish = (error, result) => {
      if (error !== undefined && error !== null) return reject(error);
      try {
        resolve(Buffer.isBuffer(result) && isStreaming(handler) ? result : Buffer.from(JSON.stringify(result) ?? 'null'));
      } catch (problem) {
        reject(new Fault('Runtime.MarshalError', `Unable to stringify response body: ${problem.message}`));
      }
    };
    let context;
    const settle = (error, result, mayWait = true) => {
      if (settled) return;
      settled = true;
      if (mayWait && context.callbackWaitsForEmptyEventLoop && (error === undefined || error === null)) {
        whenEmpty = () => finish(error, result);
      } else {
        finish(error, result);
      }
    };
    context = contextOf(headers, settle);
    whenEmpty = () => settle(null, null, false);
    if (isStreaming(handler)) {
      runStreaming(handler, event, context).then((bytes) => finish(null, bytes), reject);
      return;
    }
    const result = handler(event, context, settle);
    if (typeof result?.then === 'function') {
      result.then((value) => settle(null, value, false), (error) => settle(error ?? new Error('null'), undefined, false));
    }
  });
}

async function serve(api, handler) {
  for (;;) {
    const { status, headers, body } = await api.call('GET', 'invocation/next');
    if (status !== 200) process.exit(1);
    requestId = headers['lambda-runtime-aws-request-id'];
    if (headers['lambda-runtime-trace-id']) process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
    const target = `invocation/${requestId}`;
    api.release();
    try {
      const answer = await runHandler(handler, JSON.parse(body.toString()), headers);
      whenEmpty = undefined;
      await api.call('POST', `${target}/response`, 'Content-Type: application/json\r\n', answer);
    } catch (problem) {
      whenEmpty = undefined;
      logError('Invoke Error', problem);
      const error = errorOf(problem);
      await api.call('POST', `${target}/error`, errorHeaders(error), Buffer.from(JSON.stringify(error)));
    }
  }
}

// An error nobody caught ends the process, after it was reported for the event under way, or for init.
function reportUncaught(api, what, type, code) {
  return async (problem) => {
    const shown = type ? Object.assign(new Fault(type, isError(problem) ? String(problem) : util.format(problem)), { reason: problem }) : problem;
    logError(what, shown);
    const error = errorOf(shown);
    await api.call('POST', requestId ? `invocation/${requestId}/error` : 'init/error', errorHeaders(error), Buffer.from(JSON.stringify(error)));
    process.exit(code);
  };
}

async function main() {
  patchConsole();
  globalThis.awslambda = {
    streamifyResponse: (handler) => Object.assign(handler, { [STREAMING]: 'response' }),
    HttpResponseStream: { from: (stream) => stream },
  };
  const api = new Api(process.env.AWS_LAMBDA_RUNTIME_API);
  process.on('uncaughtException', reportUncaught(api, 'Uncaught Exception', '', 129));
  process.on('unhandledRejection', reportUncaught(api, 'Unhandled Promise Rejection', 'Runtime.UnhandledPromiseRejection', 128));
  process.on('beforeExit', () => {
    const next = whenEmpty;
    whenEmpty = undefined;
    next?.();
  });
  let handler;
  try {
    handler = await loadHandler();
  } catch (problem) {
    logError('Uncaught Exception', problem);
    const error = errorOf(problem);
    await api.call('POST', 'init/error', errorHeaders(error), Buffer.from(JSON.stringify(error)));
    process.exit(1);
  }
  await serve(api, handler);
}

main();
