// The server: listeners come and go, plans come before calls, views are collected after them.
import './stdout.js';
import grpc from '@grpc/grpc-js';
import { Attempt } from './attempts.js';
import { log, talk } from './lines.js';
import { forget, release } from './marks.js';
import { methods, service } from './messages.js';
import { follow } from './plans.js';
import { rejected } from './rules.js';
import { sleep } from './streams.js';
import { users } from './users.js';

const servers = new Map(); // the address -> the listener's grpc.Server
const calls = new Map(); // the call's id -> {plan, attempts, begun}

const known = (callId) => {
  if (!calls.has(callId)) calls.set(callId, { plan: null, attempts: [], begun: () => {} });
  return calls.get(callId);
};

// Around every handler: joins the call with its plan, and notes what the handler saw.
const handler = (name, configuration) => (call, respond) => {
  const [callId] = call.metadata.get('interop-call-id');
  const attempt = new Attempt(callId, call, respond);
  const { plan, attempts, begun } = callId ? known(callId) : { attempts: [], begun: () => {} };
  log(callId, `${call.getPath()} from ${call.getPeer()}`);
  attempt.done.then(() => log(callId, `left: ${attempt.view.left}, context: ${attempt.view.context}`));
  attempts.push(attempt);
  begun();
  const serve = () => attempt.serve(users[name], configuration);
  if (plan) follow(attempt, plan, serve);
  else serve();
};

function listen({ configuration, host, port }) {
  const server = new grpc.Server();
  server.addService(service, Object.fromEntries(Object.values(methods).map(({ name }) => [name, handler(name, configuration)])));
  const at = host.includes(':') ? `[${host}]` : host;
  return new Promise((resolve, reject) => {
    server.bindAsync(`${at}:${port}`, grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) return reject(rejected(`listen: ${error.message}`));
      servers.set(`${at}:${bound}`, server);
      return resolve({ type: 'listening', address: `${at}:${bound}` });
    });
  });
}

async function stop({ address, grace_ms: grace }) {
  const server = servers.get(address);
  if (!server) throw rejected(`stop: nothing listens on ${address}`);
  servers.delete(address);
  const gone = new Promise((resolve) => { server.tryShutdown(resolve); });
  await Promise.race([gone, sleep(grace)]);
  server.forceShutdown();
  return { type: 'stopped' };
}

function plan(line) {
  known(line.call_id).plan = line;
  return { type: 'planned' };
}

async function collect({ call_id: callId, attempts: wanted, wait_ms: wait }) {
  const call = known(callId);
  const enough = new Promise((resolve) => {
    call.begun = () => call.attempts.length >= wanted && resolve();
    call.begun();
  });
  await Promise.race([sleep(wait), enough.then(() => Promise.all(call.attempts.map(({ done }) => done)))]);
  calls.delete(callId);
  forget(callId);
  return { type: 'view', call_id: callId, attempts: call.attempts.map(({ view }) => view) };
}

talk('server', { listen, stop, plan, collect, release });
