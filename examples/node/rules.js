// What a request may ask for. A line goes in; nothing comes out, or a refusal is thrown: `rejected` where the line breaks the
// contract, `unsupported` where this program or grpc-js can't do it. Nothing has been started by then.
import { flaw, isCode, methods } from './messages.js';

export class Refused extends Error {
  constructor(reply) {
    super(reply.reason);
    this.reply = reply;
  }
}
export const rejected = (reason) => new Refused({ type: 'rejected', reason });
export const unsupported = (feature, reason) => new Refused({ type: 'unsupported', feature, reason });

// The keys of each line and step; `?` marks those that may be missing. A key that is null counts as missing.
const lines = {
  listen: 'configuration host port',
  stop: 'address grace_ms',
  plan: 'call_id method mode steps',
  collect: 'call_id attempts wait_ms',
  call: 'call_id target configuration channel method mode raw? metadata deadline_ms? give_up_after_ms steps',
  release: 'call_id mark',
};
const both = { send: 'message count?', receive: 'count?', receive_all: '', wait: 'ms', mark: 'mark', await: 'mark' };
const steps = {
  call: { ...both, half_close: '', cancel: '' },
  plan: { ...both, headers: 'metadata', finish: 'status trailers?', raise: 'text', return_nothing: '', serve: 'marks?' },
};
const patient = new Set(['wait', 'mark', 'await']); // what may stand before the step that begins a call
const last = new Set(['finish', 'raise', 'return_nothing', 'serve']);
const impossible = { close_channel: 'grpc-js: Client.close() lets calls under way go on (grpc/grpc-node#1211)' };
const options = ['name', 'list_pause_ms'];

export const oneRequest = (mode) => mode === 'unary' || mode === 'server-streaming';
export const oneResponse = (mode) => mode === 'unary' || mode === 'client-streaming';

export function check(line) {
  keys(line.type, line, `${line.type === 'release' ? '' : 'id '}type ${lines[line.type]}`);
  for (const key of Object.keys(line.configuration ?? {})) {
    if (!options.includes(key)) throw unsupported(`configuration:${key}`, 'no such option');
  }
  if (!line.steps) return;
  for (const step of line.steps) {
    const known = Object.hasOwn({ ...steps.call, ...steps.plan }, step.do);
    if (!known) throw unsupported(`step:${step.do}`, impossible[step.do] ?? 'no such step');
  }
  if (!line.raw) method(line);
  line.steps.forEach((step, index) => oneStep(line, step, index));
  if (line.type === 'call' && oneRequest(line.mode)) begins(line);
  if (line.type === 'plan' && oneResponse(line.mode) && sends(line.steps) > 1) throw rejected('plan.steps: a second response');
}

function keys(where, value, allowed) {
  const words = allowed.split(' ').filter(Boolean);
  const unknown = Object.keys(value).find((key) => !words.includes(key) && !words.includes(`${key}?`));
  if (unknown) throw rejected(`${where}: unknown key ${unknown}`);
  const missing = words.find((word) => !word.endsWith('?') && value[word] == null);
  if (missing) throw rejected(`${where} needs a ${missing}`);
}

function method({ type, method: path, mode }) {
  if (!Object.hasOwn(methods, path)) throw unsupported(`method:${path}`, 'no such method in users.proto');
  if (methods[path].mode !== mode) throw rejected(`${type}: ${path} is ${methods[path].mode}, not ${mode}`);
}

function begins({ mode, steps: all }) {
  if (sends(all) !== 1) throw rejected(`call.steps: ${mode} takes exactly one message`);
  const early = all.slice(0, all.findIndex(({ do: name }) => name === 'send')).find(({ do: name }) => !patient.has(name));
  if (early) throw rejected(`call.steps: ${early.do} before the send that begins the call`);
}

function oneStep(line, step, index) {
  const { type, mode, steps: all } = line;
  const where = `${type}.steps[${index}]`;
  if (!Object.hasOwn(steps[type], step.do)) throw rejected(`${where}: ${step.do} has no place in a ${type}`);
  keys(`${where}: ${step.do}`, step, `do ${steps[type][step.do]}`);
  const before = all.slice(0, index);
  if (before.some((earlier) => last.has(earlier.do))) throw rejected(`${where}: ${step.do} after the end`);
  if (step.do === 'send') send(where, step, before, line);
  if (step.do === 'finish') finish(where, step);
  if (step.do === 'raise') raise(mode, before);
  if (step.do === 'return_nothing' && !oneResponse(mode)) {
    throw unsupported(`step:return_nothing/${mode}`, 'grpc-js: a handler of a response stream returns nothing anyway');
  }
}

function send(where, { message }, before, { type, method: path, mode, raw }) {
  if (raw ? message.raw === undefined : !message.json) throw rejected(`${where}: a message is ${raw ? 'raw' : 'json'} here`);
  const wrong = raw ? null : flaw(path, type === 'call' ? 'requestType' : 'responseType', message.json);
  if (wrong) throw rejected(`${where}.message.json: ${wrong}`);
  if (before.some((earlier) => earlier.do === 'half_close')) throw rejected(`${where}: send after half_close`);
}

function finish(where, { status: { code, message } }) {
  if (!isCode(code)) throw rejected(`${where}.status.code: ${code} is no status code`);
  if (code === 'OK' && message) throw unsupported('step:finish', 'grpc-js: the message of an OK status is always OK');
}

const sends = (list) => list.filter((step) => step.do === 'send').reduce((sum, step) => sum + (step.count ?? 1), 0);

// grpc-js catches what a handler throws before it returns. Whatever is thrown later never reaches it.
function raise(mode, before) {
  const reads = (step) => step.do.startsWith('receive') && !oneRequest(mode);
  const later = (step) => step.do === 'await' || step.do === 'wait' || reads(step);
  if (before.some(later)) {
    const reason = 'grpc-js catches what a handler throws before it returns; later, it ends the process';
    throw unsupported(`step:raise/${mode}`, reason);
  }
}
