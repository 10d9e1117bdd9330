// A handler's plan: steps in place of UserService code. Steps that need not wait run before the handler returns, so that grpc-js
// sees what `raise` throws.
import { reached, released } from './marks.js';
import { build, metadata } from './messages.js';
import { oneResponse } from './rules.js';
import { after, sleep } from './streams.js';

// `serve` runs the UserService code of the attempt's method.
export function follow(attempt, { mode, steps }, serve) {
  const plan = { attempt, serve, mode, response: {} };
  const from = (index) => {
    if (index === steps.length) return attempt.finish({ code: 'OK' }, [], plan.response);
    const step = steps[index];
    if (ends[step.do]) {
      attempt.view.steps.push('ok');
      return ends[step.do](plan, step);
    }
    return after(acts[step.do](plan, step), (done) => {
      attempt.view.steps.push(done ? 'ok' : 'over');
      return from(index + 1);
    });
  };
  attempt.view.planned = true;
  try {
    from(0)?.catch((error) => attempt.fail(error));
  } catch (error) {
    attempt.raised(error);
    throw error;
  }
}

// Each says whether it was done; where not, the call was over.
const acts = {
  headers: ({ attempt }, step) => !attempt.isOver && (attempt.call.sendMetadata(metadata(step.metadata)), true),
  send: (plan, { message, count }) => {
    if (!oneResponse(plan.mode)) return repeat(count, (i) => plan.attempt.offer(build(message, i)));
    plan.response = build(message, count && 0);
    return true;
  },
  receive: ({ attempt }, { count }) => repeat(count, () => after(attempt.read(), (came) => came.message !== undefined)),
  receive_all: ({ attempt }) => {
    const read = () => after(attempt.read(), (came) => (came.message ? read() : came.complete));
    return read();
  },
  wait: ({ attempt }, { ms }) => waited(attempt, sleep(ms)),
  mark: ({ attempt }, { mark }) => (reached(attempt.callId, mark), true),
  await: ({ attempt }, { mark }) => waited(attempt, released(attempt.callId, mark)),
};

const ends = {
  finish: ({ attempt, response }, { status, trailers }) => attempt.finish(status, trailers ?? [], response),
  raise: (plan, { text }) => { throw new Error(text); },
  return_nothing: ({ attempt }) => attempt.finish({ code: 'OK' }, []),
  serve: ({ attempt, serve }, { marks }) => {
    attempt.marks = marks ?? {};
    return serve();
  },
};

const waited = (attempt, what) => Promise.race([what.then(() => true), attempt.over.then(() => false)]);

// One after another while each is done. Without a count, once, with no number to put into the message.
function repeat(count, once) {
  const from = (i) => i === (count ?? 1) || after(once(count && i), (done) => done && from(i + 1));
  return from(0);
}
