/** Of one question no more answers are kept, and a learning platform gives no more back. */
export const ANSWERS_MAX = 12;
