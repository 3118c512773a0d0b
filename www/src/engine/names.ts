// The names of prepared runs.

/** Names are unique today. Should two protocols come to have the same, whoever asks must say which is meant. */
export function onlyProtocol(name: string, runs: readonly { name: string; protocol: string }[]): string | undefined {
  const protocols = [...new Set(runs.filter((each) => each.name === name).map(({ protocol }) => protocol))];
  if (protocols.length > 1) {
    throw new Error(`More than one protocol has a prepared run “${name}”: say which with ${protocols.map((each) => `protocol=${each}`).join(" or ")}.`);
  }
  return protocols[0];
}
