// Imported before anything else: standard output is taken for the contract's lines, and what others print goes to the log.
export const write = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);
