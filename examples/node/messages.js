// Between the contract's JSON and grpc-js: messages, metadata, statuses. Pure functions of their arguments.
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';
import * as duration from './duration.js';

const proto = (path) => fileURLToPath(new URL(path, import.meta.url));
const types = protoLoader.loadSync([proto('../../proto/users/users.proto'), proto('details.proto')], {
  keepCase: true, longs: String, enums: String, bytes: String, defaults: true,
});
const loaded = grpc.loadPackageDefinition(types);

export const UserClient = loaded.users.UserService;
export const service = UserClient.service;
const modes = [['unary', 'server-streaming'], ['client-streaming', 'bidi-streaming']];
export const methods = Object.fromEntries(Object.entries(service).map(([name, { path, requestStream, responseStream }]) => (
  [path, { name, mode: modes[Number(requestStream)][Number(responseStream)] }]
)));

// M of the contract -> what the stub takes; `i` is a number where the step has a count.
export function build({ json, fill, raw }, i) {
  if (raw !== undefined && raw !== null) return Buffer.from(raw, 'base64');
  const message = i === undefined ? json : eachString(json, (text) => text.replaceAll('{i}', i));
  return fill ? { ...message, [fill.field]: pattern(fill.size) } : message;
}

// What the library handed over -> the contract's JSON.
export const shown = (message) => (
  Buffer.isBuffer(message) ? { raw: message.toString('base64') } : eachString(message, shorten)
);

function pattern(size) {
  let text = '';
  for (let block = 0; text.length < size; block += 1) text += sha256(String(block));
  return text.slice(0, size);
}

function shorten(text) {
  if (text.length <= 1024) return text; // never fewer UTF-16 units than characters
  const length = [...text].length;
  return length <= 1024 ? text : `sha256:${sha256(text)}:${length}`;
}

const sha256 = (text) => createHash('sha256').update(text, 'utf8').digest('hex');

function eachString(value, change) {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => eachString(item, change));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, eachString(item, change)]));
}

export function metadata(pairs) {
  const result = new grpc.Metadata();
  for (const [key, value] of pairs) result.add(key, key.endsWith('-bin') ? Buffer.from(value, 'base64') : value);
  return result;
}

// What is wrong with a message's JSON, if anything; `side` is requestType or responseType.
export function flaw(path, side, json) {
  const fields = service[methods[path].name][side].type.field.map(({ name }) => name);
  const unknown = Object.keys(json).find((key) => !fields.includes(key));
  return unknown && `no field ${unknown}`;
}

export const isCode = (code) => grpc.status[code] !== undefined || /^\d+$/.test(code);

export const pairs = (from) => Object.entries(from.toJSON()).flatMap(([key, values]) => (
  values.map((value) => [key, Buffer.isBuffer(value) ? value.toString('base64') : value])
));

// grpc-js has no API for rich statuses: an application puts google.rpc.Status into the trailers, and takes it out again.
const detailsKey = 'grpc-status-details-bin';
const Status = types['google.rpc.Status'];

// S of the contract and trailers -> the status object of grpc-js.
export function statusObject({ code, message = '', details = [] }, trailers = []) {
  const number = grpc.status[code] ?? Number(code);
  const result = { code: number, details: message, metadata: metadata(trailers) };
  if (details.length) result.metadata.set(detailsKey, Status.serialize({ code: number, message, details: details.map(packed) }));
  return result;
}

export const shownStatus = ({ code, details, metadata: trailers }) => ({
  code: grpc.status[code] ?? String(code), message: details, details: (trailers?.get(detailsKey) ?? []).flatMap(unpacked),
});

const typeOf = (typeUrl) => types[typeUrl.slice(typeUrl.lastIndexOf('/') + 1)];

const packed = ({ type_url, json, raw }) => (
  { type_url, value: json ? typeOf(type_url).serialize(withDelay(json, duration.parsed)) : raw }
);

function unpacked(bytes) {
  try {
    return Status.deserialize(bytes).details.map(detail);
  } catch {
    return [{ type_url: '', raw: bytes.toString('base64') }]; // no google.rpc.Status
  }
}

function detail({ type_url, value }) {
  const type = typeOf(type_url);
  if (!type) return { type_url, raw: value };
  return { type_url, json: withDelay(withoutUnset(type.deserialize(Buffer.from(value, 'base64'))), duration.written) };
}

const withDelay = (json, change) => (json.retry_delay ? { ...json, retry_delay: change(json.retry_delay) } : json);

// All fields but for unset submessages, which proto-loader shows as null.
function withoutUnset(value) {
  if (Array.isArray(value)) return value.map(withoutUnset);
  if (value === null || typeof value !== 'object') return value;
  const fields = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(fields.map(([key, item]) => [key, withoutUnset(item)]));
}
