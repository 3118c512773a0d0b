// Codes in the columns that the engine hands over, and the keys of links.

/** No event, no message. */
export const NONE = 4294967295;
/** In the place of a process: the event concerns no single one. */
export const NOBODY = 65535;

/** What became of a message: the others have names in the catalogue, this one is never said. */
export const IN_FLIGHT = 255;
export const DELIVERED = 0;

/** What a message was good for: it came when all was decided; or it is one of those by which something was. */
export const WEIGHT = { late: 1, quorum: 2 } as const;

/** The detail of an intervention's second event: the crash that it ordered strikes now. */
export const STRUCK = 1;

export const FLAG = { persisted: 1, violation: 2, invoked: 4, completed: 8, committed: 16, role: 32 } as const;
export const MESSAGE_FLAG = { heartbeat: 1, duplicate: 2, lie: 4 } as const;

/** More processes than a run can have. */
const PROCESSES_MAX = 64;

/** A number for each directed link. */
export const linkKey = (from: number, to: number): number => from * PROCESSES_MAX + to;

/** The link that a number stands for. */
export const linkOf = (key: number): { from: number; to: number } => ({ from: Math.floor(key / PROCESSES_MAX), to: key % PROCESSES_MAX });
