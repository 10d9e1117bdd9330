// UserService as users.proto says. Each function gets the attempt (attempts.js), which reads and writes for it and throws
// `Cancelled` where the call is over; it returns the response where one is due, and throws `Ended` to end the call with a status.
import { log } from './lines.js';

export class Ended extends Error {
  constructor(status) {
    super(status.message);
    this.status = status;
  }
}
export class Cancelled extends Error {}

const LIST_PAUSE_MS = 100;

const answer = (userId) => ({ user_id: userId, name: `User ${userId}`, email: `user${userId}@example.com` });

const wants = (good, field, description) => {
  if (good) return;
  const json = { field_violations: [{ field, description }] };
  const details = [{ type_url: 'type.googleapis.com/google.rpc.BadRequest', json }];
  throw new Ended({ code: 'INVALID_ARGUMENT', message: `${field} ${description}`, details });
};
const wantsUserId = (message) => wants(message.user_id !== '', 'user_id', 'must not be empty');

export const users = {
  async GetUser(attempt) {
    const request = await attempt.receive();
    wantsUserId(request);
    return answer(request.user_id);
  },

  async ListUsers(attempt, { list_pause_ms: pause }) {
    const { page_size: size } = await attempt.receive();
    wants(size >= 0, 'page_size', 'must not be negative');
    for (let i = 0; i < size; i += 1) {
      if (i > 0) await attempt.pause(pause ?? LIST_PAUSE_MS);
      await attempt.send(answer(String(i)));
    }
  },

  async CreateUsers(attempt) {
    let count = 0;
    for (let message = await attempt.receive(); message; message = await attempt.receive()) {
      wantsUserId(message);
      count += 1;
    }
    log(attempt.callId, `created ${count} users`);
    return { user_count: count, success: true };
  },

  async ChatUsers(attempt) {
    for (let message = await attempt.receive(); message; message = await attempt.receive()) {
      wantsUserId(message);
      const timestamp = new Date().toISOString().slice(11, 19);
      await attempt.send({ user_id: message.user_id, message: `Received: ${message.message}`, timestamp });
    }
  },
};
