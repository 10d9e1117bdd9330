// The client driver: makes one call for each line and says what came of it. It never judges, retries or fills in.
import './stdout.js';
import grpc from '@grpc/grpc-js';
import { log, talk } from './lines.js';
import { forget, release } from './marks.js';
import { UserClient } from './messages.js';
import { Script } from './script.js';

// Without this, channels to one target share a connection.
const apart = { 'grpc.use_local_subchannel_pool': 1 };
const channels = new Map(); // target, configuration and channel's name -> the stub, which owns its channel

function stub({ target, configuration, channel }) {
  const make = () => new UserClient(target, grpc.credentials.createInsecure(), apart);
  if (channel === 'fresh') return make();
  const key = JSON.stringify([target, configuration, channel]);
  if (!channels.has(key)) channels.set(key, make());
  return channels.get(key);
}

async function call(line) {
  const client = stub(line);
  log(line.call_id, `calls ${line.method} at ${line.target}`);
  const observation = await new Script(line, client).run();
  log(line.call_id, `ended: ${observation.ended} ${observation.status?.code ?? ''}`);
  if (line.channel === 'fresh') client.close();
  forget(line.call_id);
  return { type: 'observation', call_id: line.call_id, ...observation };
}

talk('client', { call, release });
