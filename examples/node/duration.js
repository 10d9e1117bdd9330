// google.protobuf.Duration is text in JSON ("1.500s"), a rule that protobufjs doesn't have. RetryInfo is the one detail with it.
const DIGITS = [0, 3, 6, 9]; // of a second's fraction, as the JSON mapping has them

export function parsed(text) {
  const [, sign, seconds, fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,9}))?s$/.exec(text);
  const nanos = Number(fraction.padEnd(9, '0'));
  return { seconds: `${sign}${seconds}`, nanos: sign ? -nanos : nanos };
}

export function written({ seconds, nanos }) {
  const fraction = String(Math.abs(nanos)).padStart(9, '0');
  const digits = DIGITS.find((count) => /^0*$/.test(fraction.slice(count)));
  const sign = seconds.startsWith('-') || nanos < 0 ? '-' : '';
  return `${sign}${seconds.replace('-', '')}${digits ? '.' : ''}${fraction.slice(0, digits)}s`;
}
