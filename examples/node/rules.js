// What a request may ask for. A line goes in; nothing comes out, or a refusal is thrown: `rejected` where the line breaks the
// contract, `unsupported` where this program or grpc-js can't do it. Nothing has been started by then.
import { methods } from './messages.js';

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
const both = { send: 'message count?', receive: 'count', receive_all: '', wait: 'ms', mark: 'mark', await: 'mark' };
const steps = {
  call: { ...both, half_close: '', cancel: '' },
  plan: { ...both, headers: 'metadata', finish: 'status trailers?', raise: 'text', return_nothing: '', serve: 'marks?' },
};
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
  if (line.type === 'call' && oneRequest(line.mode) && sends(line.steps) !== 1) {
    throw rejected(`call.steps: ${line.mode} takes exactly one message`);
  }
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

function oneStep({ type, mode, raw, steps: all }, step, index) {
  const where = `${type}.steps[${index}]`;
  if (!Object.hasOwn(steps[type], step.do)) throw rejected(`${where}: ${step.do} has no place in a ${type}`);
  keys(`${where}: ${step.do}`, step, `do ${steps[type][step.do]}`);
  const before = all.slice(0, index);
  if (before.some((earlier) => last.has(earlier.do))) throw rejected(`${where}: ${step.do} after the end`);
  if (step.do === 'send') send(where, step, before, { type, mode, raw });
  if (step.do === 'raise') raise(mode, before);
  if (step.do === 'return_nothing' && !oneResponse(mode)) {
    throw unsupported(`step:return_nothing/${mode}`, 'grpc-js: a handler of a response stream returns nothing anyway');
  }
}

function send(where, step, before, { type, mode, raw }) {
  if (raw ? step.message.raw === undefined : !step.message.json) {
    throw rejected(`${where}: a message is ${raw ? 'raw in a raw call' : 'json'}`);
  }
  if (before.some((earlier) => earlier.do === 'half_close')) throw rejected(`${where}: send after half_close`);
  if (type === 'plan' && oneResponse(mode) && sends([...before, step]) > 1) throw rejected(`${where}: a second response`);
}

const sends = (list) => list.filter((step) => step.do === 'send').reduce((sum, step) => sum + (step.count ?? 1), 0);

// grpc-js catches what a handler throws before it returns. Whatever is thrown later never reaches it.
function raise(mode, before) {
  const later = (step) => step.do === 'await' || step.do === 'wait' || (step.do.startsWith('receive') && !oneRequest(mode));
  if (before.some(later)) {
    throw unsupported(`step:raise/${mode}`, 'grpc-js catches what a handler throws before it returns; later, it ends the process');
  }
}
