// One attempt of a call, around the handler: what the handler's code reads, writes and ends the call with goes through here to
// grpc-js, and is noted in the view on the way. Whether that code is UserService's or a plan's makes no difference.
import { reached } from './marks.js';
import { pairs, shown, shownStatus, statusObject } from './messages.js';
import { after, reader, room, sleep } from './streams.js';
import { Cancelled, Ended } from './users.js';

export class Attempt {
  constructor(callId, call, respond) { // grpc-js gives `respond` where exactly one response is due
    Object.assign(this, { callId, call, respond, marks: {}, handed: 0 });
    this.over = new Promise((resolve) => { call.once('cancelled', resolve); });
    this.done = new Promise((resolve) => { this.resolveDone = resolve; });
    const deadline = call.getDeadline();
    this.view = {
      method: call.getPath(), planned: false, metadata: pairs(call.metadata), peer: call.getPeer(),
      deadline_ms: deadline === Infinity ? null : deadline - Date.now(),
      messages: [], sent: 0, steps: [], left: 'running', left_status: null, raised: null, context: 'unknown',
    };
    this.next = call.request ? only(call.request) : reader(call);
    if (call.request) this.view.messages.push(shown(call.request)); // it came with the call, read or not
  }

  get isOver() { return this.call.cancelled; }

  read() {
    return after(this.next(), (came) => {
      if (came.message && !this.call.request) this.view.messages.push(shown(came.message));
      return came;
    });
  }

  // True once the library has it, false where the call is over.
  offer(message) {
    return after(room(this.call, this.over), () => {
      if (this.isOver) return false;
      this.call.write(message);
      this.view.sent += 1;
      return true;
    });
  }

  // For UserService code: a message, or undefined at the end of the stream.
  async receive() {
    const { message, complete } = await this.read();
    if (!message && !complete) throw new Cancelled();
    this.handed += 1;
    if (message && this.marks[this.handed]) reached(this.callId, this.marks[this.handed]);
    return message;
  }

  async send(message) {
    if (!await this.offer(message)) throw new Cancelled();
  }

  async pause(ms) {
    if (ms > 0) await Promise.race([sleep(ms), this.over]);
    if (this.isOver) throw new Cancelled();
  }

  // Runs UserService code, whose exceptions have to be handed to grpc-js: it knows nothing of promises.
  async serve(code, configuration) {
    try {
      this.finish({ code: 'OK' }, [], await code(this, configuration));
    } catch (error) {
      if (error instanceof Ended) this.finish(error.status, []);
      else if (error instanceof Cancelled) this.leave('cancelled');
      else this.fail(error);
    }
  }

  finish(status, trailers, response) {
    const given = statusObject(status, trailers);
    if (given.code !== 0) {
      this.leave('status', { left_status: shownStatus(given) });
      this.endWith(given);
    } else if (this.respond) {
      this.view.sent = response ? 1 : 0;
      this.leave('returned');
      this.respond(null, response, given.metadata);
    } else {
      this.leave('returned');
      this.call.end(given.metadata);
    }
  }

  fail(error) {
    this.raised(error);
    this.endWith(error);
  }

  raised(error) { this.leave('raised', { raised: { type: error.name, text: error.message } }); }

  endWith(error) {
    if (this.respond) this.respond(error);
    else this.call.emit('error', error);
  }

  leave(left, more) {
    Object.assign(this.view, { left, context: this.isOver ? 'cancelled' : 'active' }, more);
    this.resolveDone();
  }
}

const only = (request) => {
  const left = [request];
  return () => ({ message: left.pop(), complete: true });
};
