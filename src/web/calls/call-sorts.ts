/** Orders of the list of calls. */

const callColumns = ['start', 'length', 'people', 'organizer'] as const;
export type CallColumn = (typeof callColumns)[number];

/** `-` orders backward. The first is the order without a parameter. */
export const callOrders = callColumns.flatMap((column) => [`-${column}`, column] as const);
export type CallOrder = (typeof callOrders)[number];

export const usualOrder: CallOrder = '-start';

export function orderOf(sort: string | undefined): CallOrder {
  return callOrders.find((order) => order === sort) ?? usualOrder;
}

/** Returns the order after a click on a column: names ascend first, numbers and times descend. */
export function nextOrder(order: CallOrder, column: CallColumn): CallOrder {
  const [first, second] =
    column === 'organizer' ? ([column, `-${column}`] as const) : ([`-${column}`, column] as const);
  return order === first ? second : first;
}

export function directionOf(order: CallOrder, column: CallColumn): 'ascending' | 'descending' | 'none' {
  if (order === column) return 'ascending';
  return order === `-${column}` ? 'descending' : 'none';
}
