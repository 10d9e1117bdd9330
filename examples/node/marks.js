// Marks: a script that reached one says so; another waits for its release, which may have come before.
import { emit } from './lines.js';

const calls = new Map(); // the call's id -> mark -> {released, resolve}

const gate = (callId, mark) => {
  if (!calls.has(callId)) calls.set(callId, new Map());
  const gates = calls.get(callId);
  if (!gates.has(mark)) {
    let resolve;
    gates.set(mark, { released: new Promise((done) => { resolve = done; }), resolve });
  }
  return gates.get(mark);
};

export const reached = (callId, mark) => emit({ type: 'mark', call_id: callId, mark });
export const release = ({ call_id: callId, mark }) => gate(callId, mark).resolve();
export const released = (callId, mark) => gate(callId, mark).released;
export const forget = (callId) => calls.delete(callId);
