/** Graph's `userFeedbackRating` without `notRated`. Stored by index: append new ones. */
export const userRatings = ['bad', 'poor', 'fair', 'good', 'excellent'] as const;
export type UserRating = (typeof userRatings)[number];
