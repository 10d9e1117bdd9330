// One call as its script says. A call line goes in, an observation comes out.
import { performance } from 'node:perf_hooks';
import { reached, released } from './marks.js';
import { build, metadata, methods, pairs, shown, shownStatus } from './messages.js';
import { oneRequest, oneResponse } from './rules.js';
import { reader, room, sleep } from './streams.js';

const GIVEN_UP_MS = 500; // how long the library has to end a call that was given up; the driver has to answer within a second
const asItIs = (bytes) => bytes;
const generic = {
  unary: 'makeUnaryRequest',
  'server-streaming': 'makeServerStreamRequest',
  'client-streaming': 'makeClientStreamRequest',
  'bidi-streaming': 'makeBidiStreamRequest',
};

export class Script {
  constructor(line, client) {
    Object.assign(this, { line, client, isOver: false });
    this.seen = { initial_metadata: null, trailing_metadata: null, messages: [], steps: [], status: null, raised: null };
    this.over = new Promise((resolve) => { this.resolveOver = resolve; });
  }

  async run() {
    const start = performance.now();
    const script = this.follow().then(() => 'status', (error) => this.raised(error));
    let timer;
    const patience = new Promise((resolve) => { timer = setTimeout(resolve, this.line.give_up_after_ms, 'gave_up'); });
    const ended = await Promise.race([script, patience]);
    clearTimeout(timer);
    if (ended === 'gave_up') await this.giveUp();
    return { ended, ...this.seen, elapsed_ms: performance.now() - start };
  }

  async follow() {
    if (!oneRequest(this.line.mode)) this.begin();
    for (this.step of this.line.steps) {
      const done = await this[this.step.do](this.step);
      if (this.gaveUp) return;
      this.seen.steps.push(done ? 'ok' : 'over');
    }
    this.step = null;
    await this.receive_all();
    await this.over;
  }

  async giveUp() {
    this.gaveUp = true;
    if (this.step) this.seen.steps.push('gave_up');
    this.call?.cancel();
    await Promise.race([this.over, sleep(GIVEN_UP_MS)]);
  }

  raised(error) {
    this.seen.raised = { type: error.name, text: error.message };
    return 'raised';
  }

  begin(...message) {
    const { line, client } = this;
    const options = line.deadline_ms == null ? {} : { deadline: Date.now() + line.deadline_ms };
    const rest = [...message, metadata(line.metadata), options];
    if (oneResponse(line.mode)) rest.push((error, response) => this.answered(error, response));
    this.call = line.raw
      ? client[generic[line.mode]](line.method, asItIs, asItIs, ...rest)
      : client[methods[line.method].name](...rest);
    this.next = oneResponse(line.mode) ? this.one() : reader(this.call);
    this.call.on('metadata', (came) => { this.seen.initial_metadata = pairs(came); });
    this.call.on('status', (status) => this.ended(status));
    this.call.on('error', () => {}); // the same status comes as 'status'
  }

  // One response: the callback has the last word, over the status event that comes right after it.
  answered(error, response) {
    if (error) this.ended(error);
    else this.response = response;
  }

  ended(status) {
    if (this.isOver) return;
    this.isOver = true;
    this.seen.status = shownStatus(status);
    this.seen.trailing_metadata = pairs(status.metadata);
    this.resolveOver();
  }

  one() {
    return async () => {
      await this.over;
      const message = this.response;
      this.response = undefined;
      return { message };
    };
  }

  async read() {
    const { message } = await this.next();
    if (message !== undefined && !this.gaveUp) this.seen.messages.push(shown(message));
    return message !== undefined;
  }

  // The steps. Each says whether it was done; where not, the call was over.

  async send({ message, count }) {
    if (oneRequest(this.line.mode)) {
      this.begin(build(message, count && 0));
      return true;
    }
    for (let i = 0; i < (count ?? 1); i += 1) {
      await room(this.call, this.over);
      if (this.isOver) return false;
      this.call.write(build(message, count && i));
    }
    return true;
  }

  async receive({ count }) {
    for (let i = 0; i < (count ?? 1); i += 1) if (!await this.read()) return false;
    return true;
  }

  async receive_all() {
    while (await this.read());
    return true;
  }

  async half_close() {
    if (this.isOver) return false;
    if (!oneRequest(this.line.mode)) this.call.end();
    return true;
  }

  async cancel() {
    if (this.isOver) return false;
    this.call.cancel();
    return true;
  }

  async mark({ mark }) {
    reached(this.line.call_id, mark);
    return true;
  }

  wait({ ms }) { return this.waited(sleep(ms)); }

  await({ mark }) { return this.waited(released(this.line.call_id, mark)); }

  waited(what) { return Promise.race([what.then(() => true), this.over.then(() => false)]); }
}
