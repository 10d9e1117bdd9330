// Lines in and out. Requests come in, exactly one reply goes out for each. It never looks into a call or a plan.
import { write } from './stdout.js';
import { createRequire } from 'node:module';
import { check, Refused, rejected } from './rules.js';

const require = createRequire(import.meta.url);

export const emit = (line) => write(`${JSON.stringify(line)}\n`);
export const log = (callId, text) => process.stderr.write(`${new Date().toISOString()} call=${callId ?? "-"} ${text}\n`);

// `requests` has a function for each type of line this role answers; `release` alone gets no reply.
export function talk(role, requests) {
  emit({
    type: 'ready', contract: 1, role, implementation: 'node', language: `node ${process.versions.node}`,
    libraries: versions('@grpc/grpc-js', '@grpc/proto-loader', 'protobufjs'), pid: process.pid,
  });
  let rest = '';
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (chunk) => { // node:readline would cut a line at U+2028 too
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) answer(JSON.parse(line), requests);
  });
  process.stdin.on('end', () => process.exit(0));
}

async function answer(line, requests) {
  try {
    if (!requests[line.type]) throw rejected(`${line.type}: no such request here`);
    check(line);
    const reply = await requests[line.type](line);
    if (reply) emit({ ...reply, id: line.id });
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    emit({ ...refused.reply, id: line.id });
  }
}

const versions = (...names) => Object.fromEntries(names.map((name) => [name, require(`${name}/package.json`).version]));
