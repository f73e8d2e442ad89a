/** A count stops here: counting a backlog of millions for every glance at the queue would slow everybody. */
export const COUNT_MAX = 200
