/** The pictures', in their own units. */
export const SIZE = { width: 320, height: 180 };
