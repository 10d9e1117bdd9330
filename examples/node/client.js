// The client driver: makes one call for each line and says what came of it. It never judges, retries or fills in.
import './stdout.js';
import grpc from '@grpc/grpc-js';
import { log, talk } from './lines.js';
import { forget, release } from './marks.js';
import { UserClient } from './messages.js';
import { Script } from './script.js';

const channels = new Map(); // target, configuration and channel's name -> the stub, which owns its channel

function stub({ target, configuration, channel }) {
  const key = JSON.stringify([target, configuration, channel]);
  const made = channels.get(key) ?? new UserClient(target, grpc.credentials.createInsecure());
  if (channel !== 'fresh') channels.set(key, made);
  const close = () => {
    channels.delete(key);
    made.close();
  };
  return { client: made, close };
}

async function call(line) {
  const { client, close } = stub(line);
  log(line.call_id, `calls ${line.method} at ${line.target}`);
  const observation = await new Script(line, client, close).run();
  log(line.call_id, `ended: ${observation.ended} ${observation.status?.code ?? ''}`);
  if (line.channel === 'fresh') close();
  forget(line.call_id);
  return { type: 'observation', call_id: line.call_id, ...observation };
}

talk('client', { call, release });
